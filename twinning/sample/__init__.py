"""Sample data of Hà Nội, scale 1: units, programme, schools, agreements and people. What a source states is kept apart
from what is invented: `is_invented` and `source_note` of agreements, and the comments of the facts files here."""
