from django.urls import path

from twinning.views import agreements, figures, indicators, portal, units

urlpatterns = [
    path("don-vi/", units.DistrictList.as_view(), name="district_list"),
    path("don-vi/<int:pk>/", units.DistrictDetail.as_view(), name="district_detail"),
    path("truong/", units.SchoolList.as_view(), name="school_list"),
    path("truong/chon/", units.school_options, name="school_options"),
    path("truong/chon-cua-toi/", units.own_school_options, name="own_school_options"),
    path("truong/<int:pk>/", units.SchoolDetail.as_view(), name="school_detail"),
    path("so-lieu-nam-hoc/", figures.FiguresList.as_view(), name="figures_list"),
    path("so-lieu-nam-hoc/<int:pk>/<int:year>/", figures.FiguresEdit.as_view(), name="figures_edit"),
    path("chi-so/", indicators.IndicatorList.as_view(), name="indicator_list"),
    path("chi-so/moi/", indicators.IndicatorCreate.as_view(), name="indicator_create"),
    path("chi-so/<int:pk>/", indicators.IndicatorDetail.as_view(), name="indicator_detail"),
    path("chi-so/<int:pk>/sua/", indicators.IndicatorEdit.as_view(), name="indicator_edit"),
    path("chi-so/<int:pk>/xoa/", indicators.delete_indicator, name="indicator_delete"),
    path("chi-so/<int:pk>/nhap/", indicators.ValueCreate.as_view(), name="indicator_value_create"),
    path("chi-so/<int:pk>/<int:year>/<int:unit>/", indicators.ValueEdit.as_view(), name="indicator_value_edit"),
    path("phong-trao/", units.programme_detail, name="programme_detail"),
    path("giao-uoc/", agreements.AgreementList.as_view(), name="agreement_list"),
    path("giao-uoc/moi/", agreements.AgreementCreate.as_view(), name="agreement_create"),
    path("giao-uoc/<int:pk>/", agreements.AgreementDetail.as_view(), name="agreement_detail"),
    path("giao-uoc/<int:pk>/sua/", agreements.AgreementEdit.as_view(), name="agreement_edit"),
    path("giao-uoc/<int:pk>/tai-lieu/", agreements.AgreementDocuments.as_view(), name="agreement_document"),
    path("giao-uoc/<int:pk>/<slug:action>/", agreements.AgreementAction.as_view(), name="agreement_action"),
    path("vai-tro/<int:pk>/", portal.take_seat, name="seat_take"),
]
