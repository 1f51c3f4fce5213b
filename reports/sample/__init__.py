"""Sample data: reporting periods, the first sentences of some reports, awards; and how a whole province is loaded."""
