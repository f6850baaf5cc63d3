"""How does Whoosh use the arrays? Its codec contract, method for method, over the structures beside this folder."""
