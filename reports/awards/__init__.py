"""Awards: the law on them, the evidence of candidates, what a decision does, and the annex of a report."""
