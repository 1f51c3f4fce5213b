from django.urls import path

from twinning.views import agreements, imports, portal, schools, units

urlpatterns = [
    path("don-vi/", units.DistrictList.as_view(), name="district_list"),
    path("don-vi/<int:pk>/", units.DistrictDetail.as_view(), name="district_detail"),
    path("truong/", schools.SchoolList.as_view(), name="school_list"),
    path("truong/moi/", schools.SchoolCreate.as_view(), name="school_create"),
    path("truong/chon/", schools.school_options, name="school_options"),
    path("truong/<int:pk>/", schools.SchoolDetail.as_view(), name="school_detail"),
    path("truong/<int:pk>/sua/", schools.SchoolEdit.as_view(), name="school_edit"),
    path("truong/<int:pk>/thay-doi/", schools.SchoolChangeCreate.as_view(), name="school_change"),
    path("thay-doi-truong/<int:pk>/", schools.SchoolChangeDetail.as_view(), name="schoolchange_detail"),
    path("thay-doi-truong/<int:pk>/cac-dong/", schools.SchoolChangeRows.as_view(), name="schoolchange_rows"),
    path("thay-doi-truong/<int:pk>/<slug:action>/", schools.SchoolChangeAction.as_view(), name="schoolchange_action"),
    path("phong-trao/", units.programme_detail, name="programme_detail"),
    path("giao-uoc/", agreements.AgreementList.as_view(), name="agreement_list"),
    path("giao-uoc/moi/", agreements.AgreementCreate.as_view(), name="agreement_create"),
    path("giao-uoc/<int:pk>/", agreements.AgreementDetail.as_view(), name="agreement_detail"),
    path("giao-uoc/<int:pk>/sua/", agreements.AgreementEdit.as_view(), name="agreement_edit"),
    path("giao-uoc/<int:pk>/tai-lieu/", agreements.AgreementDocuments.as_view(), name="agreement_document"),
    path("giao-uoc/<int:pk>/<slug:action>/", agreements.AgreementAction.as_view(), name="agreement_action"),
    path("nhap-du-lieu/", imports.ImportHome.as_view(), name="import_home"),
    path("nhap-du-lieu/tep/<uuid:pk>/", imports.ImportDetail.as_view(), name="import_detail"),
    path("nhap-du-lieu/tep/<uuid:pk>/tien-do/", imports.ImportProgress.as_view(), name="import_progress"),
    path("nhap-du-lieu/tep/<uuid:pk>/loi/", imports.ImportErrors.as_view(), name="import_errors"),
    path("nhap-du-lieu/tep/<uuid:pk>/tep-goc/", imports.ImportSource.as_view(), name="import_source"),
    path("nhap-du-lieu/tep/<uuid:pk>/<slug:step>/", imports.ImportStep.as_view(), name="import_step"),
    path("nhap-du-lieu/<slug:kind>/", imports.ImportUpload.as_view(), name="import_upload"),
    path("nhap-du-lieu/<slug:kind>/mau/", imports.ImportTemplate.as_view(), name="import_template"),
    path("vai-tro/<int:pk>/", portal.take_seat, name="seat_take"),
]
