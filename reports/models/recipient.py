"""Who is honoured: of an award and of a nomination alike, a unit or a person of it."""


class Recipient:
    """Of a model with `school` (None: an office), `district`, and `full_name` and `position` of a person."""

    @property
    def unit(self):
        """What the recipient's unit is called."""
        return self.school.name if self.school_id else self.district.office

    @property
    def recipient(self):
        return self.full_name or self.unit

    @property
    def belongs_to(self):
        """Of a person the unit, of a school its district; nothing of an office."""
        if self.full_name:
            return self.unit
        return str(self.district) if self.school_id else ""

    @property
    def recipient_line(self):
        """With what the person is: "Nguyễn Thị Mẫu, Tổ trưởng tổ Toán"."""
        return ", ".join(filter(None, [self.recipient, self.position]))
