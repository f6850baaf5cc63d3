"""Which value of a field has a document? One value for each, for sorting, grouping and bookkeeping."""
