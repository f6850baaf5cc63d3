"""The embedded engine: an index in a folder, by Whoosh. Together with ``codec`` the only rooms that import whoosh."""
