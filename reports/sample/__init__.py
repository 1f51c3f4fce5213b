"""Sample data: reporting periods and the first sentences of some reports."""
