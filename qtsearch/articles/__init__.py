"""What is an article, and which of them changed?"""
