"""Which terms does a field have, and which number has a term?"""
