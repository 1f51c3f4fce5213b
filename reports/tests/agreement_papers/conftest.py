"""An agreement ready to sign, one with many parties, and its paper."""

import io

import pdfplumber
import pytest
from django.urls import reverse
from docx import Document

from reports.tests.agreement_papers.reading import OBJECTIVES, SIGNERS, WORD, changed
from twinning.models import AgreementMember, School, Signatory


@pytest.fixture
def ready(draft, district_agreement, world):
    """THCS Tả Thanh Oai – THCS Đại Yên, below the agreement of their districts, confirmed and ready to sign."""
    draft.content_areas.add(world.area)
    return changed(
        draft,
        status="confirmed",
        umbrella=district_agreement,
        objectives=OBJECTIVES,
        supporting_contents="Cử giáo viên cốt cán dạy minh hoạ 04 tiết mỗi học kỳ.\nTặng 20 bộ máy tính.",
        supported_contents="Bố trí phòng học và cử giáo viên tham dự.",
        **SIGNERS,
    )


@pytest.fixture
def crowded(ready, world):
    """Three member units and further signatories on each side."""
    for side, district in (("supporting", world.thanh_tri), ("supported", world.chuong_my)):
        for n in range(1, 4):
            school = School.objects.create(code=f"{side}{n}", name=f"THCS Số {n}", level="thcs", district=district)
            AgreementMember.objects.create(agreement=ready, side=side, school=school, district=district)
        Signatory.objects.create(
            agreement=ready,
            side=side,
            organisation=f"Công đoàn {ready.party_name(side)}",
            full_name=f"Vũ Thị Oanh {side[-1].upper()}",
            position="Chủ tịch Công đoàn",
        )
    return ready


@pytest.fixture
def paper(as_user, hieu_truong_a):
    """Ask for the paper of an agreement or amendment as a principal of the pairing; it is closed at the end."""
    opened = []

    def get(thing, form, person=hieu_truong_a):
        response = as_user(person).get(reverse(f"{thing._meta.model_name}_paper", args=[thing.pk, form]))
        assert response.status_code == 200, response
        data = io.BytesIO(b"".join(response.streaming_content))
        if form == WORD:
            return Document(data)
        opened.append(pdfplumber.open(data, unicode_norm=None))
        return opened[-1]

    yield get
    for pdf in opened:
        pdf.close()
