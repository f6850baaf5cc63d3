"""The embedded engine: an index in a folder, by Whoosh. Together with ``codec`` the only rooms that import whoosh.

answering   engine, columns, term_lists, vocabulary, understanding, facets, showing, explaining
writing     writer, additions, batches, bulk, parts, segment_builder, documents, merge_policy, durable
processes   worker_process, worker_main, tasks
the commit  store, state, leftovers, verification, faults
Whoosh's    schema, analysis, whose names are file format
"""
