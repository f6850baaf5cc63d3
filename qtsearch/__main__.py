"""``python -m qtsearch``: the command line."""

import sys

if __name__ == "__main__":
    try:
        from qtsearch.cli import main

        sys.exit(main())
    except KeyboardInterrupt:  # Ctrl-C in the millisecond before ``main`` looks after it
        sys.exit(130)
