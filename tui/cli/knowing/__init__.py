"""`chargelore kb`: the knowledge base as a book: what it says, who said it, what changed, and what that does."""
