"""What sample agreements say."""

from twinning.models import School

Level = School.Level

DISTRICT_OBJECTIVES = [
    "Hỗ trợ, cùng nhau triển khai tốt Chương trình giáo dục phổ thông 2018; huy động đông đảo nhà giáo tham gia, thể hiện "
    "trách nhiệm vì học sinh thân yêu.",
    "Thành lập tổ công tác xây dựng, thực hiện kế hoạch hỗ trợ, chia sẻ kinh nghiệm chuyên môn cho các trường còn gặp khó "
    "khăn về đội ngũ và chất lượng.",
    "Tổ chức các chuyên đề xây dựng trường học xanh, sạch, đẹp, an toàn; tăng cường cơ sở vật chất, trang thiết bị dạy học, "
    "ưu tiên những trường còn khó khăn.",
    "Trao đổi kinh nghiệm quản lý, bồi dưỡng giáo viên giỏi, giáo viên cốt cán; đẩy mạnh ứng dụng công nghệ thông tin và "
    "chuyển đổi số.",
    "Giao lưu giáo viên và học sinh hai địa phương; không để học sinh vì hoàn cảnh khó khăn bị bỏ lại phía sau.",
]
EXAM_OBJECTIVE = (
    "Tổ chức hội nghị trao đổi chuyên đề các môn Ngữ văn, Toán và Tiếng Anh lớp 9, chia sẻ kinh nghiệm ôn thi, nâng cao chất "
    "lượng thi vào lớp 10 THPT."
)
SCHOOL_OBJECTIVES = {
    Level.PRESCHOOL: [
        "Xây dựng môi trường giáo dục lấy trẻ làm trung tâm; chia sẻ kinh nghiệm tổ chức hoạt động trải nghiệm cho trẻ.",
        "Trao đổi kinh nghiệm chăm sóc, nuôi dưỡng, bảo đảm an toàn cho trẻ; cùng xây dựng thực đơn và góc vận động.",
        "Giúp giáo viên trẻ nâng cao tay nghề qua dự giờ, thăm lớp; chia sẻ đồ dùng, đồ chơi tự làm.",
    ],
    Level.PRIMARY: [
        "Cùng triển khai Chương trình giáo dục phổ thông 2018 ở từng khối lớp; mỗi học kì tổ chức ít nhất một chuyên đề chung.",
        "Chia sẻ học liệu số, đề kiểm tra và cách đánh giá học sinh tiểu học; bồi dưỡng giáo viên Tiếng Anh, Tin học.",
        "Giúp học sinh đọc thông, viết thạo, tự tin giao tiếp; giao lưu học sinh hai trường.",
    ],
    Level.LOWER_SEC: [
        "Nâng chất lượng dạy học các môn thi vào lớp 10; trao đổi đề cương, ngân hàng câu hỏi và cách phụ đạo học sinh.",
        "Đổi mới phương pháp dạy học, dự giờ chéo giữa các tổ chuyên môn; cùng gỡ khó những nội dung mới của Chương trình "
        "giáo dục phổ thông 2018.",
        "Bồi dưỡng học sinh giỏi, giúp đỡ học sinh còn hạn chế; xây dựng trường học hạnh phúc.",
    ],
}
# Positions in CONTENT_AREAS of what schools of a level work on.
AREAS = {
    Level.PRESCHOOL: [1, 2, 4, 5, 6, 8],
    Level.PRIMARY: [0, 1, 2, 6, 7, 9, 10],
    Level.LOWER_SEC: [0, 1, 2, 3, 5, 7, 9],
}

RETURN_NOTES = [
    "Đề nghị ghi rõ thời gian từng đợt dự giờ và người phụ trách của mỗi bên rồi gửi lại.",
    "Nội dung phối hợp chưa có phần giúp đỡ học sinh; nhà trường đề nghị bổ sung.",
    "Ngày bắt đầu trùng kì kiểm tra cuối năm, đề nghị lùi lại hai tuần.",
]
WITHDRAW_NOTE = "Hai trường thống nhất đăng kí lại sau khi kiện toàn ban giám hiệu."
END_NOTES = [
    "Trường được hỗ trợ chuyển sang kết nghĩa theo cụm; hai bên thống nhất thanh lý.",
    "Trường hỗ trợ sửa chữa toàn bộ cơ sở, không bố trí được hoạt động trong thời gian còn lại.",
]
