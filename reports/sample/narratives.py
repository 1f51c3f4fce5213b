"""What four units wrote in their interim review of 2023-2024. Sentences only: every number of a report comes from its rows."""

DEPARTMENT = {
    "advantages": "Phong trào được Thành ủy, UBND thành phố quan tâm chỉ đạo; các Phòng GD&ĐT chủ động ký kết và xây dựng kế hoạch phối "
    "hợp ngay từ đầu năm học.\nĐội ngũ cán bộ quản lý, giáo viên tâm huyết, sẵn sàng chia sẻ; hạ tầng công nghệ thông tin của các "
    "trường từng bước đồng bộ, thuận lợi cho trao đổi trực tuyến.",
    "difficulties": "Khoảng cách địa lí giữa nhiều cặp đơn vị còn xa, kinh phí đi lại chủ yếu do các trường tự thu xếp.\nMột số đơn vị "
    "chưa duy trì hoạt động đều trong năm; việc ghi nhận và xác nhận số liệu giữa hai bên có nơi còn chậm.",
    "guidance": "Sở chỉ đạo các Phòng GD&ĐT thực hiện Kế hoạch 4340/KH-SGDĐT ngày 12/12/2022; yêu cầu mỗi cặp đơn vị thành lập tổ công "
    "tác, chọn trường xây dựng điểm và gắn hoạt động phối hợp với kế hoạch giáo dục của nhà trường.\nCác phòng chuyên môn của Sở dự "
    "lễ ký kết, dự chuyên đề liên quận, huyện và nắm tình hình qua báo cáo sơ kết.",
    "management_results": "Cán bộ quản lý các trường trao đổi thường xuyên về xây dựng kế hoạch giáo dục, quản trị nhà trường, kiểm định "
    "chất lượng và công tác bán trú. Nhiều cách làm của trường nội thành được vận dụng phù hợp với điều kiện ngoại thành; ngược lại, "
    "các trường nội thành học được kinh nghiệm xây dựng cảnh quan và gắn bó với cộng đồng.",
    "impact": "Giáo viên vùng còn khó khăn tự tin hơn khi dạy chuyên đề và tham gia hội thi; học sinh có thêm cơ hội giao lưu, mở rộng "
    "hiểu biết. Khoảng cách về chất lượng giữa các địa bàn từng bước được thu hẹp.",
    "strengths": "Hoạt động chuyên môn đi vào thực chất, tập trung vào những nội dung mới của Chương trình giáo dục phổ thông 2018 và công "
    "tác ôn thi vào lớp 10.\nViệc giúp đỡ học sinh có hoàn cảnh khó khăn được nhiều trường làm bền bỉ, có địa chỉ.",
    "weaknesses": "Hoạt động phân bố chưa đều giữa các cặp và giữa các tháng; một số cặp mới dừng ở ký kết.\nSinh hoạt chuyên môn trực "
    "tuyến chưa được khai thác hết; hồ sơ, minh chứng ở một số trường còn sơ sài.",
    "causes": "Về khách quan: quãng đường xa, lịch năm học dày, nhiều nội dung mới triển khai cùng lúc.\nVề chủ quan: một số đơn vị chưa "
    "phân công người phụ trách rõ ràng, chưa đưa hoạt động phối hợp vào kế hoạch từ đầu năm.",
    "lessons": "Nơi nào hai phòng thống nhất kế hoạch chi tiết theo tháng, chọn đúng việc các trường đang cần thì nơi đó hoạt động đều và "
    "hiệu quả.\nCần coi trọng tính hai chiều: mỗi bên đều có điểm mạnh để chia sẻ.",
    "next_year": "Duy trì các cặp đã ký, khuyến khích trường chưa tham gia ký giao ước; tăng chuyên đề về kiểm tra, đánh giá và chuyển đổi "
    "số.\nQuan tâm các cặp còn ít hoạt động; nhân rộng mô hình đỡ đầu học sinh, mở lớp học miễn phí.",
    "proposals": "Đề nghị UBND các quận, huyện, thị xã quan tâm bố trí kinh phí và phương tiện cho hoạt động giao lưu chuyên môn.\nĐề nghị "
    "các đơn vị xác nhận số liệu kịp thời để báo cáo phản ánh đúng thực tế.",
}
THANH_TRI = {
    "advantages": "Huyện Thanh Trì có đội ngũ cán bộ quản lý, nhà giáo tâm huyết, trình độ chuyên môn vững; cơ sở vật chất trường lớp được "
    "đầu tư khang trang. Hai phòng đã thống nhất kế hoạch phối hợp và ký kết từ tháng 4/2023.",
    "difficulties": "Khoảng cách giữa các trường của hai huyện khá xa, giáo viên phải sắp xếp dạy thay khi đi trao đổi; một số trường đang sửa "
    "chữa, khó bố trí tiết dạy minh hoạ.",
    "guidance": "Phòng ban hành kế hoạch phối hợp của năm học, kiện toàn tổ công tác, giao các trường đã ký kết chủ động thống nhất lịch với "
    "trường bạn.\nTổ công tác dự các chuyên đề lớp 9 và họp rút kinh nghiệm cuối mỗi học kì.",
    "management_results": "Hiệu trưởng hai huyện trao đổi kinh nghiệm xây dựng kế hoạch giáo dục nhà trường, quản lí tổ chuyên môn và công tác "
    "kiểm định chất lượng. Các trường mầm non chia sẻ cách tổ chức bán trú an toàn.",
    "impact": "Giáo viên lớp 9 hai huyện hình thành nhóm trao đổi thường xuyên về đề cương và cách phụ đạo học sinh. Không khí sinh hoạt chuyên "
    "môn trong các trường cởi mở hơn.",
    "strengths": "Hội nghị ôn thi vào lớp 10 các môn Ngữ văn, Toán, Tiếng Anh được tổ chức đúng dịp, đúng nhu cầu.\nCác trường đã ký kết tích "
    "cực, luân phiên đăng cai.",
    "weaknesses": "Hoạt động ở cấp mầm non chưa nhiều bằng tiểu học và THCS; một số trường ghi kết quả chậm sau khi tổ chức.",
    "causes": "Lịch chuyên môn của hai huyện có lúc trùng nhau; vài trường chưa phân công người nhập số liệu.",
    "lessons": "Thống nhất lịch từ đầu học kì và chọn chuyên đề theo đề xuất của trường bạn giúp buổi trao đổi thiết thực.",
    "next_year": "Mở rộng số trường ký giao ước; tổ chức thêm chuyên đề cho cấp mầm non và môn Khoa học tự nhiên; duy trì hội nghị ôn thi lớp 9.",
    "proposals": "Đề nghị Sở tổ chức chuyên đề mẫu liên huyện và giới thiệu báo cáo viên cho các môn học mới.",
}
CHUONG_MY = {
    "advantages": "Được UBND huyện quan tâm và huyện Thanh Trì giúp đỡ tận tình; cán bộ, giáo viên cầu thị, mong muốn đổi mới cách dạy.",
    "difficulties": "Huyện rộng, số trường nhiều, một số trường còn thiếu phòng chức năng và giáo viên Tiếng Anh, Tin học; điều kiện đi lại của "
    "học sinh vùng xa còn vất vả.",
    "guidance": "Phòng thành lập tổ công tác, phân công chuyên viên theo dõi từng cấp học; yêu cầu các trường chọn nội dung cần giúp nhất để "
    "trao đổi với trường bạn, tránh làm hình thức.",
    "management_results": "Cán bộ quản lí được trao đổi về quản trị nhà trường, xây dựng kế hoạch giáo dục và công tác bán trú; nhiều trường đã "
    "điều chỉnh kế hoạch tổ chuyên môn sau khi tham quan trường bạn.",
    "impact": "Giáo viên mạnh dạn dạy chuyên đề, sử dụng học liệu số nhiều hơn; học sinh lớp 9 được tiếp cận cách ôn tập bài bản.",
    "strengths": "Các trường tham gia đều, chuẩn bị tiết dạy chu đáo và áp dụng ngay điều học được.",
    "weaknesses": "Một số trường chưa tham gia hoạt động nào trong năm; việc xác nhận số liệu với trường bạn còn chậm.",
    "causes": "Đội ngũ ở một số môn còn thiếu, giáo viên dạy nhiều tiết; điều kiện thiết bị chưa đồng đều giữa các trường.",
    "lessons": "Sau mỗi buổi trao đổi cần có tiết dạy lại ở trường mình thì kiến thức mới thành việc làm.",
    "next_year": "Đề nghị huyện Thanh Trì tiếp tục giúp các môn thi vào lớp 10, bồi dưỡng giáo viên Tiếng Anh và Tin học; vận động thêm trường ký "
    "giao ước.",
    "proposals": "Đề nghị Sở quan tâm hỗ trợ thiết bị dạy học cho các trường còn khó khăn; tạo điều kiện để giáo viên cốt cán dạy mẫu tại huyện.",
}
TAN_MAI = {
    "advantages": "Nhà trường có tập thể sư phạm đoàn kết, nhiều giáo viên có kinh nghiệm; được Phòng GD&ĐT quận Hoàng Mai tin tưởng giao tiếp đón "
    "các đoàn cán bộ quản lí huyện Ứng Hòa.",
    "difficulties": "Sĩ số lớp đông, phòng học kín lịch nên bố trí tiết dạy cho đồng nghiệp dự có lúc khó khăn.",
    "guidance": "Chi bộ, ban giám hiệu đưa hoạt động kết nghĩa vào kế hoạch năm học; phân công một phó hiệu trưởng phụ trách và các tổ chuyên môn "
    "đăng kí nội dung với trường bạn.",
    "management_results": "Ban giám hiệu hai trường trao đổi cách xây dựng kế hoạch giáo dục, phân công chuyên môn và đánh giá giáo viên.",
    "impact": "Giáo viên hai trường thường xuyên trao đổi bài soạn; học sinh hai nơi được giao lưu, hiểu thêm về cuộc sống của bạn.",
    "strengths": "Tổ Toán và tổ Ngữ văn tích cực mở lớp cho đồng nghiệp dự, góp ý thẳng thắn.",
    "weaknesses": "Hoạt động của các môn ít tiết còn ít; chưa duy trì đều sinh hoạt trực tuyến.",
    "causes": "Lịch công tác của hai trường khác nhau; thiết bị phòng học trực tuyến còn hạn chế.",
    "lessons": "Nên trao đổi trước giáo án để buổi dự giờ tập trung vào điều hai bên cùng quan tâm.",
    "next_year": "Duy trì dự giờ chéo mỗi học kì; cùng trường bạn xây dựng ngân hàng câu hỏi ôn tập lớp 9; tổ chức giao lưu câu lạc bộ tiếng Anh.",
    "proposals": "Đề nghị Phòng GD&ĐT bố trí lịch chuyên đề chung của quận tránh trùng lịch trao đổi với trường bạn.",
}
