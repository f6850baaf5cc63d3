"""``python -m qtsearch``: the command line."""

import sys

from qtsearch.cli import main

if __name__ == "__main__":
    sys.exit(main())
