"""What a person reads when the machine failed: what happened and who can help; the log has the rest."""

import errno

from django.db import OperationalError
from django.utils.translation import gettext as _t


def in_words(error: Exception) -> str:
    """One sentence or two in Vietnamese about an error nobody foresaw, with its kind for who looks after the server."""
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        return _t("Ổ đĩa của máy chủ đã đầy. Hãy báo người quản trị máy chủ dọn chỗ rồi thử lại.")
    if isinstance(error, MemoryError):
        return _t("Máy chủ hết bộ nhớ. Hãy thử lại sau ít phút; vẫn lỗi thì báo người quản trị máy chủ.")
    if isinstance(error, OperationalError):
        return _t("Cơ sở dữ liệu không trả lời. Hãy thử lại sau ít phút; vẫn lỗi thì báo người quản trị máy chủ.")
    return _t("Phần mềm gặp lỗi (%s). Hãy thử lại; vẫn lỗi thì báo người quản trị máy chủ kèm giờ xảy ra.") % (
        type(error).__name__
    )
