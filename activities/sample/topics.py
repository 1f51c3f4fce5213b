"""What sample activities are about: topics by level and subject, and the sentences of titles and results."""

from activities.sample.kinds import MN, TH, THCS

PRESCHOOL = [
    "xây dựng môi trường giáo dục lấy trẻ làm trung tâm",
    "phát triển vận động cho trẻ mẫu giáo",
    "phát triển ngôn ngữ cho trẻ 5–6 tuổi",
    "cho trẻ mẫu giáo làm quen với tiếng Anh",
    "ứng dụng STEAM trong hoạt động khám phá",
    "tổ chức bữa ăn và bảo đảm an toàn thực phẩm",
    "giáo dục kĩ năng tự phục vụ cho trẻ 3–4 tuổi",
    "phòng, chống tai nạn thương tích cho trẻ",
    "chuẩn bị tâm thế cho trẻ vào lớp 1",
    "tổ chức hoạt động vui chơi ngoài trời",
    "phối hợp với cha mẹ trong chăm sóc, giáo dục trẻ",
    "giáo dục âm nhạc theo hướng trải nghiệm",
    "hoạt động tạo hình từ vật liệu thiên nhiên",
    "cho trẻ làm quen với toán qua trò chơi",
    "xây dựng lớp học hạnh phúc ở nhóm trẻ 24–36 tháng",
]
# Level → subject → (first grade, last grade, topics).
SUBJECTS = {
    TH: {
        "Toán": (1, 5, ["dạy phân số bằng đồ dùng trực quan", "rèn kĩ năng giải toán có lời văn", "đo lường qua trải nghiệm",
                        "dạy phép chia cho học sinh còn chậm", "hình học gắn với thực tế"]),
        "Tiếng Việt": (1, 5, ["dạy âm, vần theo hướng phát triển năng lực", "rèn đọc và kể chuyện", "dạy viết sáng tạo",
                              "mở rộng vốn từ qua văn bản đa phương thức", "tổ chức tiết đọc mở rộng ở thư viện"]),
        "Tiếng Anh": (3, 5, ["dạy từ vựng qua trò chơi và bài hát", "phát triển kĩ năng nghe – nói", "kể chuyện bằng tiếng Anh"]),
        "Tự nhiên và Xã hội": (1, 3, ["học qua quan sát vườn trường", "giáo dục an toàn giao thông"]),
        "Khoa học": (4, 5, ["phương pháp bàn tay nặn bột", "thí nghiệm đơn giản với vật liệu sẵn có"]),
        "Lịch sử và Địa lí": (4, 5, ["dạy học nội dung địa phương Hà Nội", "khai thác lược đồ và tranh ảnh"]),
        "Đạo đức": (1, 5, ["dạy học qua xử lí tình huống", "giáo dục lòng biết ơn và nếp sống thanh lịch"]),
        "Tin học": (3, 5, ["lập trình trực quan cho học sinh tiểu học", "giáo dục an toàn khi dùng Internet"]),
        "Mĩ thuật": (1, 5, ["dạy học theo chủ đề, sử dụng vật liệu tái chế"]),
        "Hoạt động trải nghiệm": (1, 5, ["tổ chức sinh hoạt dưới cờ theo chủ đề", "kĩ năng sống và phòng tránh đuối nước"]),
    },
    THCS: {
        "Toán": (6, 9, ["dạy học hàm số và đồ thị với phần mềm động", "rèn kĩ năng giải bài toán thực tế",
                        "hình học trực quan", "thống kê và xác suất theo Chương trình 2018", "phương trình và hệ phương trình"]),
        "Ngữ văn": (6, 9, ["dạy đọc hiểu văn bản ngoài sách giáo khoa", "viết đoạn văn nghị luận xã hội",
                           "dạy viết theo tiến trình", "nói và nghe trong giờ Ngữ văn", "đánh giá năng lực đọc hiểu"]),
        "Tiếng Anh": (6, 9, ["phát triển kĩ năng nói qua dự án", "dạy từ vựng theo ngữ cảnh", "luyện đọc hiểu",
                             "sử dụng học liệu số ngoài giờ lên lớp"]),
        "Khoa học tự nhiên": (6, 9, ["dạy học theo dự án", "thí nghiệm với dụng cụ tự làm", "phối hợp ba mạch kiến thức",
                                     "giáo dục STEM trong giờ chính khoá"]),
        "Lịch sử và Địa lí": (6, 9, ["dạy chủ đề chung giữa hai phân môn", "khai thác bản đồ số", "di sản ở địa phương"]),
        "Giáo dục công dân": (6, 9, ["giáo dục pháp luật qua tình huống", "phòng, chống bạo lực học đường"]),
        "Tin học": (6, 9, ["dạy lập trình Scratch", "sử dụng bảng tính giải quyết vấn đề"]),
        "Công nghệ": (6, 9, ["trải nghiệm nghề nghiệp", "thiết kế kĩ thuật đơn giản"]),
        "Giáo dục thể chất": (6, 9, ["dạy học thể thao tự chọn"]),
        "Hoạt động trải nghiệm": (6, 9, ["hướng nghiệp cho học sinh cuối cấp", "xây dựng văn hoá ứng xử"]),
    },
}  # fmt: skip
# Core subjects come up more often than the others.
CORE = {"Toán", "Ngữ văn", "Tiếng Việt", "Tiếng Anh"}
EXAM_SUBJECTS = ["Ngữ văn", "Toán", "Tiếng Anh"]
LEVEL_WORDS = {MN: "mầm non", TH: "tiểu học", THCS: "THCS"}

# Kind → beginnings of titles about a subject; {topic}, {subject}, {grade} are filled in.
SUBJECT_TITLES = {
    "chuyen_de": [
        "Chuyên đề {subject} lớp {grade}: {topic}",
        "Chuyên đề {topic} (môn {subject}, khối {grade})",
        "Chuyên đề cấp cụm môn {subject} {grade}: {topic}",
    ],
    "du_gio": [
        "Dự giờ {subject} lớp {grade}: {topic}",
        "Dự giờ chéo môn {subject} khối {grade}",
        "Dự giờ, góp ý tiết {subject} {grade}: {topic}",
    ],
    "minh_hoa": [
        "Tiết dạy minh hoạ {subject} lớp {grade}: {topic}",
        "Dạy minh hoạ môn {subject} khối {grade}, rút kinh nghiệm {topic}",
    ],
    "sinh_hoat": [
        "Sinh hoạt chuyên môn cụm trường môn {subject}: {topic}",
        "Sinh hoạt tổ {subject} khối {grade} theo nghiên cứu bài học",
        "Sinh hoạt chuyên môn liên trường {subject} {grade}: {topic}",
    ],
    "on_thi": [
        "Hội nghị trao đổi kinh nghiệm ôn thi vào lớp 10 môn {subject}",
        "Trao đổi ma trận đề và đề cương ôn tập môn {subject} lớp 9",
        "Chuyên đề ôn thi vào lớp 10 môn {subject}: {topic}",
        "Hội nghị nâng cao chất lượng thi vào lớp 10 môn {subject}",
    ],
}
# Preschools have no subjects and a programme of their own.
PRESCHOOL_TITLES = {
    "chuyen_de": ["Chuyên đề {topic}", "Chuyên đề cấp cụm: {topic}"],
    "du_gio": ["Dự giờ, thăm lớp: {topic}", "Dự giờ, trao đổi kinh nghiệm {topic}"],
    "minh_hoa": ["Hoạt động minh hoạ: {topic}", "Tổ chức hoạt động mẫu: {topic}"],
    "sinh_hoat": ["Sinh hoạt chuyên môn cụm trường mầm non: {topic}", "Trao đổi chuyên môn: {topic}"],
    "hoi_thao": ["Hội thảo {topic}", "Hội thảo thực hiện Chương trình giáo dục mầm non: {topic}"],
    "toa_dam": ["Toạ đàm xây dựng trường mầm non xanh, an toàn, thân thiện", "Toạ đàm {topic}"],
    "cot_can": ["Bồi dưỡng giáo viên mầm non cốt cán: {topic}", "Bồi dưỡng giáo viên mầm non trẻ: {topic}"],
    "chuyen_doi_so": [
        "Tập huấn ứng dụng công nghệ thông tin trong chăm sóc, giáo dục trẻ",
        "Tập huấn quản lý bán trú và dinh dưỡng trên phần mềm",
    ],
    "tham_quan": [
        "Tham quan mô hình trường mầm non đạt chuẩn quốc gia",
        "Trao đổi kinh nghiệm quản lý bếp ăn bán trú ở trường mầm non",
        "Trao đổi kinh nghiệm quản trị trường mầm non",
    ],
    "giao_luu_hs": [
        "Ngày hội thể thao “Bé khoẻ, bé vui” ở trường mầm non",
        "Ngày hội dân gian của bé",
        "Giao lưu “Bé kể chuyện Hà Nội”",
    ],
}
# Kind → whole titles; {level} is filled in.
GENERAL_TITLES = {
    "hoi_thao": [
        "Hội thảo triển khai Chương trình giáo dục phổ thông 2018 cấp {level}",
        "Hội thảo nâng cao chất lượng dạy học cấp {level}",
        "Hội thảo đổi mới kiểm tra, đánh giá học sinh {level}",
        "Hội thảo xây dựng kế hoạch giáo dục nhà trường {level}",
        "Hội thảo giúp đỡ học sinh {level} còn hạn chế trong học tập",
        "Hội thảo công tác chủ nhiệm lớp ở trường {level}",
    ],
    "toa_dam": [
        "Toạ đàm xây dựng trường học hạnh phúc",
        "Toạ đàm xây dựng trường học xanh, sạch, đẹp, an toàn",
        "Toạ đàm “Thầy cô cùng sẻ chia trách nhiệm”",
        "Toạ đàm công tác tư vấn tâm lí học sinh",
        "Toạ đàm phối hợp nhà trường, gia đình trong giáo dục học sinh {level}",
        "Toạ đàm văn hoá đọc trong trường {level}",
    ],
    "cot_can": [
        "Bồi dưỡng giáo viên cốt cán cấp {level}",
        "Bồi dưỡng giáo viên dự thi giáo viên dạy giỏi cấp {level}",
        "Bồi dưỡng tổ trưởng chuyên môn {level}",
        "Tập huấn giáo viên cốt cán xây dựng ngân hàng câu hỏi cấp {level}",
    ],
    "chuyen_doi_so": [
        "Tập huấn thiết kế bài giảng điện tử cho giáo viên {level}",
        "Tập huấn sử dụng học liệu số và lớp học trực tuyến cấp {level}",
        "Tập huấn học bạ số, hồ sơ chuyên môn điện tử cấp {level}",
        "Trao đổi kinh nghiệm chuyển đổi số ở trường {level}",
        "Tập huấn khai thác kho học liệu dùng chung cấp {level}",
    ],
    "tham_quan": [
        "Tham quan mô hình trường {level} đạt chuẩn chất lượng cao",
        "Trao đổi kinh nghiệm quản trị trường {level}",
        "Cán bộ quản lý hai bên trao đổi công tác kiểm định chất lượng cấp {level}",
        "Tham quan, học tập mô hình thư viện thân thiện trường {level}",
        "Trao đổi kinh nghiệm quản lý bán trú ở trường {level}",
    ],
    "to_cong_tac": [
        "Họp tổ công tác thống nhất kế hoạch phối hợp cấp {level}",
        "Tổ công tác hai phòng rà soát tiến độ cấp {level}",
        "Họp tổ công tác đánh giá hoạt động của các trường điểm cấp {level}",
    ],
    "giao_luu_hs": [
        "Giao lưu học sinh “Chúng em cùng tiến bộ”",
        "Ngày hội đọc sách của học sinh hai đơn vị",
        "Giao lưu câu lạc bộ tiếng Anh học sinh {level}",
        "Trải nghiệm một ngày cùng bạn ngoại thành",
        "Giao lưu sản phẩm STEM học sinh {level}",
    ],
    "the_thao": [
        "Giao lưu bóng chuyền hơi nhà giáo hai đơn vị",
        "Giao lưu văn nghệ chào mừng Ngày Nhà giáo Việt Nam",
        "Giao lưu kéo co, cầu lông cán bộ, giáo viên {level}",
        "Giao lưu dân vũ, đồng diễn thể dục",
    ],
    "cong_doan": [
        "Công đoàn hai đơn vị trao đổi công tác chăm lo đời sống nhà giáo",
        "Sinh hoạt công đoàn “Nhà giáo nói không với vi phạm đạo đức”",
        "Công đoàn hai đơn vị tặng quà giáo viên có hoàn cảnh khó khăn",
    ],
}
RESULTS = {
    "professional": [
        "Giáo viên hai bên thống nhất cách xây dựng kế hoạch bài dạy, cách giao việc và đánh giá học sinh; tài liệu được chia "
        "sẻ lên kho dùng chung.",
        "Sau phần dạy, các tổ chuyên môn phân tích hoạt động của học sinh, rút ra những điểm có thể áp dụng ngay ở trường mình.",
        "Các trường trao đổi thẳng thắn những chỗ còn vướng về thiết bị và sĩ số, bước đầu chọn được cách làm phù hợp.",
        "Học sinh tham gia chủ động; giáo viên dự giờ góp ý kĩ về phân bố thời gian và câu hỏi gợi mở.",
    ],
    "exam": [
        "Thống nhất khung đề cương, chia sẻ ma trận và đề luyện tập; giáo viên lớp 9 lập nhóm trao đổi thường xuyên.",
        "Các trường nêu kinh nghiệm phân nhóm học sinh, phụ đạo em còn yếu; thống nhất lịch trao đổi đề.",
    ],
    "management": [
        "Cán bộ quản lý trao đổi cách xây dựng kế hoạch giáo dục nhà trường, công tác bán trú và hồ sơ kiểm định chất lượng.",
        "Hai bên thống nhất lịch hoạt động của học kì, phân công người phụ trách từng nội dung.",
    ],
    "exchange": [
        "Học sinh hai trường làm quen, cùng tham gia các trạm hoạt động; nhiều em mạnh dạn trình bày trước đông người.",
        "Không khí vui, đoàn kết; hai bên thống nhất tổ chức luân phiên hằng năm.",
    ],
    "union": ["Công đoàn hai đơn vị trao đổi cách chăm lo đoàn viên, thăm hỏi nhà giáo có hoàn cảnh khó khăn."],
}
PRESCHOOL_RESULTS = [
    "Giáo viên hai trường trao đổi cách bố trí góc chơi và quan sát trẻ; thống nhất dùng chung bộ công cụ đánh giá.",
    "Trẻ hứng thú, mạnh dạn tham gia; giáo viên góp ý về thời lượng và đồ dùng cho từng nhóm.",
    "Hai trường chia sẻ thực đơn, quy trình giao nhận thực phẩm và cách phối hợp với cha mẹ trẻ.",
]
NEXT_STEPS = [
    "Trường được hỗ trợ dạy thử, quay lại tiết dạy để hai tổ cùng góp ý.",
    "Đổi vai: lần tới trường được hỗ trợ chủ trì.",
    "Gửi tài liệu cho các trường chưa tham dự; theo dõi việc áp dụng trong học kì.",
    "Tiếp tục phụ đạo học sinh theo nhóm, trao đổi kết quả sau mỗi bài kiểm tra.",
]
PRESCHOOL_NEXT_STEPS = [
    "Trường được hỗ trợ tổ chức lại hoạt động ở lớp mình, hai tổ cùng góp ý.",
    "Chia sẻ đồ dùng tự làm và giáo án cho các trường chưa tham dự.",
]
CANCEL_NOTES = [
    "Trùng lịch kiểm tra học kì của trường bạn; hai bên tổ chức ghép vào chuyên đề sau.",
    "Mưa bão, học sinh nghỉ học theo thông báo của thành phố.",
    "Báo cáo viên bận việc đột xuất, chưa bố trí được người thay.",
    "Trường chủ trì sửa chữa phòng học, chưa có chỗ tổ chức.",
]
