"""Sample data, scale 1: units, programmes, schools, agreements and people of a province. What makes a province its own
is said in hanoi.py and nghean.py and in their files of facts; the other modules serve both. What a source states is
kept apart from what is invented: `is_invented` and `source_note` of agreements, and the comments of the facts files."""
