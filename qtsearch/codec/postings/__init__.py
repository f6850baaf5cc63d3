"""Which documents have a term, how often, and where?"""
