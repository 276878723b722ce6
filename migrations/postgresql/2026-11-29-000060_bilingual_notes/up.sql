-- What the transcriber and other people remark upon a plan is told in Vietnamese and in English. A text that is there already is the Vietnamese one;
-- where it is the seed's, word for word, it becomes the seed's in both languages, also in plans that were copied from it. In JSON columns any other
-- plain text is read as the Vietnamese one.
ALTER TABLE goals ADD COLUMN editorial_note_en TEXT COLLATE "C";
ALTER TABLE plan_indicators ADD COLUMN editorial_note_en TEXT COLLATE "C";
ALTER TABLE units ADD COLUMN editorial_note_en TEXT COLLATE "C";
ALTER TABLE tasks ADD COLUMN editorial_note_en TEXT COLLATE "C";
ALTER TABLE dimensions ADD COLUMN note_en TEXT COLLATE "C";
ALTER TABLE indicator_units ADD COLUMN why_en TEXT COLLATE "C";

-- goals
UPDATE goals SET editorial_note = 'Đề mục trong kế hoạch ghi “đ) Trong lĩnh vực giáo dục và đạo tạo”: thiếu cụm từ “Mục tiêu 5”, và “đạo tạo” phải là “đào tạo”. Số 5 được xác nhận tại mục II.2.đ “Nhóm giải pháp thực hiện mục tiêu 5”. Tên lĩnh vực đã được sửa cho đúng; tên mục tiêu giữ nguyên văn.', editorial_note_en = 'The plan''s heading reads ''đ) Trong lĩnh vực giáo dục và đạo tạo'': the words ''Mục tiêu 5'' are missing and ''đạo tạo'' should read ''đào tạo''. The number 5 is confirmed by II.2.đ ''Nhóm giải pháp thực hiện mục tiêu 5''. field_vi is corrected; name_vi is verbatim.', version = version + 1, updated_at = CURRENT_TIMESTAMP
WHERE editorial_note = 'The plan''s heading reads ''đ) Trong lĩnh vực giáo dục và đạo tạo'': the words ''Mục tiêu 5'' are missing and ''đạo tạo'' should read ''đào tạo''. The number 5 is confirmed by II.2.đ ''Nhóm giải pháp thực hiện mục tiêu 5''. field_vi is corrected; name_vi is verbatim.';
UPDATE goals SET editorial_note = 'Đề mục ghi “e) Trong lĩnh vực thông tin, truyền thông”: thiếu cụm từ “Mục tiêu 6”. Số này được xác nhận tại mục II.2.e “Nhóm giải pháp thực hiện mục tiêu 6”.', editorial_note_en = 'The heading reads ''e) Trong lĩnh vực thông tin, truyền thông'': the words ''Mục tiêu 6'' are missing. The number is confirmed by II.2.e ''Nhóm giải pháp thực hiện mục tiêu 6''.', version = version + 1, updated_at = CURRENT_TIMESTAMP
WHERE editorial_note = 'The heading reads ''e) Trong lĩnh vực thông tin, truyền thông'': the words ''Mục tiêu 6'' are missing. The number is confirmed by II.2.e ''Nhóm giải pháp thực hiện mục tiêu 6''.';

-- plan_indicators
UPDATE plan_indicators SET editorial_note = 'Mục tiêu này chỉ có một “Chỉ tiêu”, không đánh số; mã 1.1 do người chép đặt.', editorial_note_en = 'The goal has a single, unnumbered ''Chỉ tiêu''; code 1.1 is ours.', version = version + 1, updated_at = CURRENT_TIMESTAMP
WHERE editorial_note = 'The goal has a single, unnumbered ''Chỉ tiêu''; code 1.1 is ours.';
UPDATE plan_indicators SET editorial_note = 'Một chỉ tiêu có hai mức phấn đấu về hai nhóm người khác nhau; được tách thành 3.2a (người bị bạo lực) và 3.2b (người gây bạo lực).', editorial_note_en = 'One Chỉ tiêu with two targets, about different people; split into 3.2a (victims) and 3.2b (perpetrators).', version = version + 1, updated_at = CURRENT_TIMESTAMP
WHERE editorial_note = 'One Chỉ tiêu with two targets, about different people; split into 3.2a (victims) and 3.2b (perpetrators).';
UPDATE plan_indicators SET editorial_note = 'Một chỉ tiêu có hai mức phấn đấu; được tách thành 5.2a (tiểu học) và 5.2b (trung học cơ sở).', editorial_note_en = 'One Chỉ tiêu with two targets; split into 5.2a (primary) and 5.2b (lower secondary).', version = version + 1, updated_at = CURRENT_TIMESTAMP
WHERE editorial_note = 'One Chỉ tiêu with two targets; split into 5.2a (primary) and 5.2b (lower secondary).';
UPDATE plan_indicators SET editorial_note = 'Một chỉ tiêu có hai mức phấn đấu (hai câu); được tách thành 5.4a (thạc sĩ) và 5.4b (tiến sĩ).', editorial_note_en = 'One Chỉ tiêu with two targets (two sentences); split into 5.4a (master''s) and 5.4b (doctorate).', version = version + 1, updated_at = CURRENT_TIMESTAMP
WHERE editorial_note = 'One Chỉ tiêu with two targets (two sentences); split into 5.4a (master''s) and 5.4b (doctorate).';

-- units
UPDATE units SET editorial_note = 'Nghị định 150/2025/NĐ-CP đặt tên các phòng của phường là Văn phòng HĐND và UBND; Phòng Kinh tế, Hạ tầng và Đô thị (gồm cả lĩnh vực tài chính - kế hoạch); Phòng Văn hoá-Xã hội. “Phòng Tài chính” được giữ nguyên như kế hoạch viết; cần xác nhận tên gọi hiện nay với phường (Nghị định 370/2025/NĐ-CP đã sửa đổi Nghị định 150).', editorial_note_en = 'Decree 150/2025/NĐ-CP names the ward offices as Văn phòng HĐND và UBND; Phòng Kinh tế, Hạ tầng và Đô thị (which includes finance-planning); Phòng Văn hoá-Xã hội. ''Phòng Tài chính'' is kept as the plan writes it; confirm the present name with the ward (Decree 370/2025/NĐ-CP amended Decree 150).', version = version + 1, updated_at = CURRENT_TIMESTAMP
WHERE editorial_note = 'Decree 150/2025/NĐ-CP names the ward offices as Văn phòng HĐND và UBND; Phòng Kinh tế, Hạ tầng và Đô thị (which includes finance-planning); Phòng Văn hoá-Xã hội. ''Phòng Tài chính'' is kept as the plan writes it; confirm the present name with the ward (Decree 370/2025/NĐ-CP amended Decree 150).';
UPDATE units SET editorial_note = 'Là một nhóm. Kế hoạch không liệt kê các trường; mỗi trường cần có tài khoản và báo cáo riêng (các đơn vị thành viên do phường nhập).', editorial_note_en = 'A group. The plan does not list the schools; each school needs its own account and submission (member units to be entered by the ward).', version = version + 1, updated_at = CURRENT_TIMESTAMP
WHERE editorial_note = 'A group. The plan does not list the schools; each school needs its own account and submission (member units to be entered by the ward).';
UPDATE units SET editorial_note = 'Là một nhóm, và được đề nghị (“Đề nghị”) chứ không phải được giao nhiệm vụ: Uỷ ban nhân dân không chỉ đạo Mặt trận. Kế hoạch không liệt kê các tổ chức thành viên.', editorial_note_en = 'A group, and requested (''Đề nghị'') rather than assigned: the People''s Committee does not command the Front. Member organisations are not listed in the plan.', version = version + 1, updated_at = CURRENT_TIMESTAMP
WHERE editorial_note = 'A group, and requested (''Đề nghị'') rather than assigned: the People''s Committee does not command the Front. Member organisations are not listed in the plan.';
UPDATE units SET editorial_note = 'Kế hoạch chỉ ghi “Sở Nội vụ”; được hiểu là Sở Nội vụ của tỉnh.', editorial_note_en = 'The plan says ''Sở Nội vụ'' only; the province is implied.', version = version + 1, updated_at = CURRENT_TIMESTAMP
WHERE editorial_note = 'The plan says ''Sở Nội vụ'' only; the province is implied.';

-- tasks
UPDATE tasks SET editorial_note = '“ứng dựng công nghệ” phải là “ứng dụng công nghệ”.', editorial_note_en = '''ứng dựng công nghệ'' should read ''ứng dụng công nghệ''.', version = version + 1, updated_at = CURRENT_TIMESTAMP
WHERE editorial_note = '''ứng dựng công nghệ'' should read ''ứng dụng công nghệ''.';
UPDATE tasks SET editorial_note = 'Vế cuối (Cơ sở dữ liệu thống kê về giới của phường) chính là căn cứ trong kế hoạch để lập một hệ thống như API này.', editorial_note_en = 'The last clause (Cơ sở dữ liệu thống kê về giới của phường) is the plan''s own mandate for a system like this API.', version = version + 1, updated_at = CURRENT_TIMESTAMP
WHERE editorial_note = 'The last clause (Cơ sở dữ liệu thống kê về giới của phường) is the plan''s own mandate for a system like this API.';
UPDATE tasks SET editorial_note = 'Số trang (4) nằm lẫn trong đoạn này của bản văn và đã được bỏ.', editorial_note_en = 'A page number (4) stood inside this paragraph in the text and was removed.', version = version + 1, updated_at = CURRENT_TIMESTAMP
WHERE editorial_note = 'A page number (4) stood inside this paragraph in the text and was removed.';
UPDATE tasks SET editorial_note = 'Phần lớn lặp lại gạch đầu dòng thứ hai của cùng nhóm giải pháp.', editorial_note_en = 'Largely repeats the second bullet of the same group.', version = version + 1, updated_at = CURRENT_TIMESTAMP
WHERE editorial_note = 'Largely repeats the second bullet of the same group.';
UPDATE tasks SET editorial_note = 'Số trang (5) nằm lẫn trong đoạn này của bản văn và đã được bỏ (“sản / 5 / xuất” được nối lại).', editorial_note_en = 'A page number (5) stood inside this paragraph in the text and was removed (''sản / 5 / xuất'' rejoined).', version = version + 1, updated_at = CURRENT_TIMESTAMP
WHERE editorial_note = 'A page number (5) stood inside this paragraph in the text and was removed (''sản / 5 / xuất'' rejoined).';
UPDATE tasks SET editorial_note = 'Gọi tên Tháng hành động hơi khác so với mục II.1.d (ở đây là “phòng chống”, ở đó là “phòng ngừa, ứng phó với”); cùng một sự kiện EV1.', editorial_note_en = 'Names the Action Month slightly differently from II.1.d (''phòng chống'' here, ''phòng ngừa, ứng phó với'' there); same event EV1.', version = version + 1, updated_at = CURRENT_TIMESTAMP
WHERE editorial_note = 'Names the Action Month slightly differently from II.1.d (''phòng chống'' here, ''phòng ngừa, ứng phó với'' there); same event EV1.';
UPDATE tasks SET editorial_note = '“Duy trì nhân rộng” có lẽ thiếu dấu phẩy.', editorial_note_en = '''Duy trì nhân rộng'' probably lacks a comma.', version = version + 1, updated_at = CURRENT_TIMESTAMP
WHERE editorial_note = '''Duy trì nhân rộng'' probably lacks a comma.';
UPDATE tasks SET editorial_note = '“ngày ăn” có lẽ là “nhà ăn”; bản dịch tiếng Anh theo nghĩa này.', editorial_note_en = '''ngày ăn'' is probably ''nhà ăn'' (canteen); translated so.', version = version + 1, updated_at = CURRENT_TIMESTAMP
WHERE editorial_note = '''ngày ăn'' is probably ''nhà ăn'' (canteen); translated so.';
UPDATE tasks SET editorial_note = 'Là đoạn duy nhất của nhóm e và là giải pháp duy nhất không có gạch đầu dòng.', editorial_note_en = 'The only paragraph of group e and the only solution without a leading dash.', version = version + 1, updated_at = CURRENT_TIMESTAMP
WHERE editorial_note = 'The only paragraph of group e and the only solution without a leading dash.';
UPDATE tasks SET editorial_note = 'Từ chỉ vai trò: “Chủ động phối hợp”.', editorial_note_en = 'Role words: ''Chủ động phối hợp''.', version = version + 1, updated_at = CURRENT_TIMESTAMP
WHERE editorial_note = 'Role words: ''Chủ động phối hợp''.';
UPDATE tasks SET editorial_note = 'Từ chỉ vai trò: “Chủ trì và phối hợp”. Gần như nguyên văn nhiệm vụ của các trường (A7.1), cũng được giao “Chủ trì”: một nhiệm vụ có hai đơn vị chủ trì. “đình kỳ” phải là “định kỳ”.', editorial_note_en = 'Role words: ''Chủ trì và phối hợp''. Almost word for word the duty of the schools (A7.1), who are also told to ''Chủ trì'': two leads for one task. ''đình kỳ'' should read ''định kỳ''.', version = version + 1, updated_at = CURRENT_TIMESTAMP
WHERE editorial_note = 'Role words: ''Chủ trì và phối hợp''. Almost word for word the duty of the schools (A7.1), who are also told to ''Chủ trì'': two leads for one task. ''đình kỳ'' should read ''định kỳ''.';
UPDATE tasks SET editorial_note = 'Từ chỉ vai trò: “Chỉ đạo”.', editorial_note_en = 'Role word: ''Chỉ đạo'' (direct).', version = version + 1, updated_at = CURRENT_TIMESTAMP
WHERE editorial_note = 'Role word: ''Chỉ đạo'' (direct).';
UPDATE tasks SET editorial_note = 'Từ chỉ vai trò: “tham mưu”. Một đoạn không có gạch đầu dòng. Nhiệm vụ chung cho mọi mục tiêu.', editorial_note_en = 'Role word: ''tham mưu'' (advise). One paragraph without a dash. Cross-cutting (all goals).', version = version + 1, updated_at = CURRENT_TIMESTAMP
WHERE editorial_note = 'Role word: ''tham mưu'' (advise). One paragraph without a dash. Cross-cutting (all goals).';
UPDATE tasks SET editorial_note = 'Nhiệm vụ chung cho mọi mục tiêu.', editorial_note_en = 'Cross-cutting (all goals).', version = version + 1, updated_at = CURRENT_TIMESTAMP
WHERE editorial_note = 'Cross-cutting (all goals).';
UPDATE tasks SET editorial_note = 'Từ chỉ vai trò: “Tham gia”, không phải chủ trì cũng không phải phối hợp. Nhiệm vụ chung.', editorial_note_en = 'Role word: ''Tham gia'' (take part): neither lead nor co-ordinate. Cross-cutting.', version = version + 1, updated_at = CURRENT_TIMESTAMP
WHERE editorial_note = 'Role word: ''Tham gia'' (take part): neither lead nor co-ordinate. Cross-cutting.';
UPDATE tasks SET editorial_note = 'Một đoạn không có gạch đầu dòng.', editorial_note_en = 'One paragraph without a dash.', version = version + 1, updated_at = CURRENT_TIMESTAMP
WHERE editorial_note = 'One paragraph without a dash.';
UPDATE tasks SET editorial_note = '“chủ động để phối hợp” giữ như kế hoạch viết. Nửa sau lặp lại A1.3.', editorial_note_en = '''chủ động để phối hợp'' as written. Second half repeats A1.3.', version = version + 1, updated_at = CURRENT_TIMESTAMP
WHERE editorial_note = '''chủ động để phối hợp'' as written. Second half repeats A1.3.';
UPDATE tasks SET editorial_note = 'Từ chỉ vai trò: “Chủ trì, phối hợp”. “gia đoạn” phải là “giai đoạn”.', editorial_note_en = 'Role words: ''Chủ trì, phối hợp''. ''gia đoạn'' should read ''giai đoạn''.', version = version + 1, updated_at = CURRENT_TIMESTAMP
WHERE editorial_note = 'Role words: ''Chủ trì, phối hợp''. ''gia đoạn'' should read ''giai đoạn''.';
UPDATE tasks SET editorial_note = 'Từ chỉ vai trò: “Chủ trì và phối hợp”. “giới tính” xuất hiện hai lần trong một chuỗi liệt kê (“giáo dục về giới tính, bình đẳng giới, giới tính”); A1.4 ghi “giới, bình đẳng giới, giới tính”. Về việc có hai đơn vị chủ trì, xem A1.4.', editorial_note_en = 'Role words: ''Chủ trì và phối hợp''. ''giới tính'' stands twice in one list (''giáo dục về giới tính, bình đẳng giới, giới tính''); A1.4 has ''giới, bình đẳng giới, giới tính''. See A1.4 on the double lead.', version = version + 1, updated_at = CURRENT_TIMESTAMP
WHERE editorial_note = 'Role words: ''Chủ trì và phối hợp''. ''giới tính'' stands twice in one list (''giáo dục về giới tính, bình đẳng giới, giới tính''); A1.4 has ''giới, bình đẳng giới, giới tính''. See A1.4 on the double lead.';
UPDATE tasks SET editorial_note = 'Được đề nghị (“Đề nghị”), không phải được giao. Từ chỉ vai trò: “phối hợp”; ngoài ra có vai trò giám sát độc lập. Nhiệm vụ chung. Nên cấp cho Mặt trận quyền xem số liệu.', editorial_note_en = 'Requested (''Đề nghị''), not assigned. Role word: ''phối hợp''; also an independent supervision (giám sát) role. Cross-cutting. Suggests read access to data for the Front.', version = version + 1, updated_at = CURRENT_TIMESTAMP
WHERE editorial_note = 'Requested (''Đề nghị''), not assigned. Role word: ''phối hợp''; also an independent supervision (giám sát) role. Cross-cutting. Suggests read access to data for the Front.';

-- indicator_units
UPDATE indicator_units SET why = 'IV.1, gạch đầu dòng 1-2: quy định về tỷ lệ nữ được bổ nhiệm; đào tạo, bồi dưỡng nữ lãnh đạo', why_en = 'IV.1 bullets 1-2: rules on the share of women appointed; training of women leaders' WHERE why = 'IV.1 bullets 1-2: rules on the share of women appointed; training of women leaders';
UPDATE indicator_units SET why = 'Lĩnh vực lao động, việc làm thuộc Phòng Văn hoá-Xã hội; mục IV không giao cho đơn vị nào số liệu lao động của Mục tiêu 2', why_en = 'Labour and employment sit with the culture-social office; section IV gives no unit a duty on goal 2 labour figures' WHERE why = 'Labour and employment sit with the culture-social office; section IV gives no unit a duty on goal 2 labour figures';
UPDATE indicator_units SET why = 'Kế hoạch phát triển kinh tế-xã hội', why_en = 'socio-economic plan' WHERE why = 'socio-economic plan';
UPDATE indicator_units SET why = 'Xem 2.1', why_en = 'see 2.1' WHERE why = 'see 2.1';
UPDATE indicator_units SET why = 'Hồ sơ về doanh nghiệp, hợp tác xã', why_en = 'enterprise and cooperative records' WHERE why = 'enterprise and cooperative records';
UPDATE indicator_units SET why = 'Tổng hợp', why_en = 'consolidation' WHERE why = 'consolidation';
UPDATE indicator_units SET why = 'Công tác gia đình (IV.1, gạch đầu dòng 5)', why_en = 'family affairs (IV.1 bullet 5)' WHERE why = 'family affairs (IV.1 bullet 5)';
UPDATE indicator_units SET why = 'Khảo sát thông qua Hội Liên hiệp Phụ nữ', why_en = 'surveys through the Women''s Union' WHERE why = 'surveys through the Women''s Union';
UPDATE indicator_units SET why = 'IV.6: phòng ngừa, điều tra, xử lý bạo lực gia đình, bạo lực giới', why_en = 'IV.6: prevention, investigation and handling of domestic and gender violence' WHERE why = 'IV.6: prevention, investigation and handling of domestic and gender violence';
UPDATE indicator_units SET why = 'II.2.d: tiếp nhận, chăm sóc y tế đối với người bệnh là nạn nhân bạo lực', why_en = 'II.2.d: care for patients who are victims of violence' WHERE why = 'II.2.d: care for patients who are victims of violence';
UPDATE indicator_units SET why = 'IV.1, gạch đầu dòng 5', why_en = 'IV.1 bullet 5' WHERE why = 'IV.1 bullet 5';
UPDATE indicator_units SET why = 'Tư vấn, địa chỉ tin cậy', why_en = 'counselling, trusted addresses' WHERE why = 'counselling, trusted addresses';
UPDATE indicator_units SET why = 'IV.6', why_en = 'IV.6' WHERE why = 'IV.6';
UPDATE indicator_units SET why = 'Hoà giải và tư vấn tại cộng đồng', why_en = 'mediation and counselling in the community' WHERE why = 'mediation and counselling in the community';
UPDATE indicator_units SET why = 'IV.6: Chương trình phòng, chống mua bán người giai đoạn 2026-2030', why_en = 'IV.6: anti-trafficking programme 2026-2030' WHERE why = 'IV.6: anti-trafficking programme 2026-2030';
UPDATE indicator_units SET why = 'Trợ giúp xã hội', why_en = 'social assistance' WHERE why = 'social assistance';
UPDATE indicator_units SET why = 'IV.5: đề án kiểm soát mất cân bằng giới tính khi sinh giai đoạn 2026-2030', why_en = 'IV.5: sex-ratio-at-birth scheme 2026-2030' WHERE why = 'IV.5: sex-ratio-at-birth scheme 2026-2030';
UPDATE indicator_units SET why = 'IV.1, gạch đầu dòng 3', why_en = 'IV.1 bullet 3' WHERE why = 'IV.1 bullet 3';
UPDATE indicator_units SET why = 'IV.5: có nêu tỷ lệ tử vong của người mẹ liên quan đến thai sản', why_en = 'IV.5: maternal mortality named' WHERE why = 'IV.5: maternal mortality named';
UPDATE indicator_units SET why = 'IV.5: có nêu tỷ suất sinh ở vị thành niên', why_en = 'IV.5: adolescent birth rate named' WHERE why = 'IV.5: adolescent birth rate named';
UPDATE indicator_units SET why = 'IV.7: đưa nội dung này vào giảng dạy', why_en = 'IV.7: bring this content into teaching' WHERE why = 'IV.7: bring this content into teaching';
UPDATE indicator_units SET why = 'IV.1, gạch đầu dòng 4', why_en = 'IV.1 bullet 4' WHERE why = 'IV.1 bullet 4';
UPDATE indicator_units SET why = 'IV.7: nhu cầu đến trường của trẻ em trai và trẻ em gái', why_en = 'IV.7: school needs of boys and girls' WHERE why = 'IV.7: school needs of boys and girls';
UPDATE indicator_units SET why = 'IV.7', why_en = 'IV.7' WHERE why = 'IV.7';
UPDATE indicator_units SET why = 'Giáo dục và lao động', why_en = 'education and labour' WHERE why = 'education and labour';
UPDATE indicator_units SET why = 'Chỉ khi trên địa bàn phường có cơ sở giáo dục nghề nghiệp', why_en = 'only if a vocational school is in the ward' WHERE why = 'only if a vocational school is in the ward';
UPDATE indicator_units SET why = 'Hồ sơ cán bộ, công chức', why_en = 'cadre and civil-servant records' WHERE why = 'cadre and civil-servant records';
UPDATE indicator_units SET why = 'IV.1, gạch đầu dòng 7-8', why_en = 'IV.1 bullets 7-8' WHERE why = 'IV.1 bullets 7-8';
UPDATE indicator_units SET why = 'IV.4', why_en = 'IV.4' WHERE why = 'IV.4';
UPDATE indicator_units SET why = 'IV.8', why_en = 'IV.8' WHERE why = 'IV.8';
UPDATE indicator_units SET why = 'Tổng hợp; IV.1, gạch đầu dòng 7', why_en = 'consolidation; IV.1 bullet 7' WHERE why = 'consolidation; IV.1 bullet 7';
UPDATE indicator_units SET why = 'Các hội, đoàn thể', why_en = 'mass organisations' WHERE why = 'mass organisations';
UPDATE indicator_units SET why = 'IV.4: thường xuyên đưa tin, bài', why_en = 'IV.4: regular news items and articles' WHERE why = 'IV.4: regular news items and articles';
UPDATE indicator_units SET why = 'IV.1, gạch đầu dòng 7', why_en = 'IV.1 bullet 7' WHERE why = 'IV.1 bullet 7';
UPDATE indicator_units SET why = 'IV.4: xây dựng các chuyên trang, chuyên mục', why_en = 'IV.4: build pages and columns' WHERE why = 'IV.4: build pages and columns';

-- dimensions: the English of the notes, the note that stood where values came later, and what a search finds
UPDATE dimensions SET note = 'Danh mục riêng của phường: phường tự lập các giá trị.' WHERE note = 'Values to be set by the ward.';
UPDATE dimensions SET note_en = 'Five-year groups of the General Statistics Office.', fold = fold || '
nhom 5 tuoi theo tong cuc thong ke.
five year groups of the general statistics office.', version = version + 1, updated_at = CURRENT_TIMESTAMP
WHERE note = 'Nhóm 5 tuổi theo Tổng cục Thống kê.';
UPDATE dimensions SET note_en = 'Values to be set by the ward.', fold = fold || '
danh muc rieng cua phuong: phuong tu lap cac gia tri.
values to be set by the ward.', version = version + 1, updated_at = CURRENT_TIMESTAMP
WHERE note = 'Danh mục riêng của phường: phường tự lập các giá trị.';
UPDATE dimensions SET note_en = 'Codes of ISCED 2011, the classification of education that the General Statistics Office uses.', fold = fold || '
ma theo phan loai giao duc isced 2011 ma tong cuc thong ke su dung.
codes of isced 2011, the classification of education that the general statistics office uses.', version = version + 1, updated_at = CURRENT_TIMESTAMP
WHERE note = 'Mã theo phân loại giáo dục ISCED 2011 mà Tổng cục Thống kê sử dụng.';
UPDATE dimensions SET transcription = '{"former_note":{"vi":"Bản chép ban đầu: các giá trị do phường lập.","en":"Values to be set by the ward."}}', fold = 'age group
nhom tuoi
age group
nhom 5 tuoi theo tong cuc thong ke.
five year groups of the general statistics office.
0 4
0 4 tuoi
0 4 years
5 9
5 9 tuoi
5 9 years
10 14
10 14 tuoi
10 14 years
15 19
15 19 tuoi
15 19 years
20 24
20 24 tuoi
20 24 years
25 29
25 29 tuoi
25 29 years
30 34
30 34 tuoi
30 34 years
35 39
35 39 tuoi
35 39 years
40 44
40 44 tuoi
40 44 years
45 49
45 49 tuoi
45 49 years
50 54
50 54 tuoi
50 54 years
55 59
55 59 tuoi
55 59 years
60 64
60 64 tuoi
60 64 years
65 69
65 69 tuoi
65 69 years
70 74
70 74 tuoi
70 74 years
75 79
75 79 tuoi
75 79 years
80+
tu 80 tuoi tro len
80 years and over'
WHERE code = 'age_group' AND name_vi = 'Nhóm tuổi' AND note = 'Nhóm 5 tuổi theo Tổng cục Thống kê.' AND transcription IS NULL
    AND dimension_values = '[{"code":"0-4","name":{"vi":"0-4 tuổi","en":"0-4 years"},"active":true},{"code":"5-9","name":{"vi":"5-9 tuổi","en":"5-9 years"},"active":true},{"code":"10-14","name":{"vi":"10-14 tuổi","en":"10-14 years"},"active":true},{"code":"15-19","name":{"vi":"15-19 tuổi","en":"15-19 years"},"active":true},{"code":"20-24","name":{"vi":"20-24 tuổi","en":"20-24 years"},"active":true},{"code":"25-29","name":{"vi":"25-29 tuổi","en":"25-29 years"},"active":true},{"code":"30-34","name":{"vi":"30-34 tuổi","en":"30-34 years"},"active":true},{"code":"35-39","name":{"vi":"35-39 tuổi","en":"35-39 years"},"active":true},{"code":"40-44","name":{"vi":"40-44 tuổi","en":"40-44 years"},"active":true},{"code":"45-49","name":{"vi":"45-49 tuổi","en":"45-49 years"},"active":true},{"code":"50-54","name":{"vi":"50-54 tuổi","en":"50-54 years"},"active":true},{"code":"55-59","name":{"vi":"55-59 tuổi","en":"55-59 years"},"active":true},{"code":"60-64","name":{"vi":"60-64 tuổi","en":"60-64 years"},"active":true},{"code":"65-69","name":{"vi":"65-69 tuổi","en":"65-69 years"},"active":true},{"code":"70-74","name":{"vi":"70-74 tuổi","en":"70-74 years"},"active":true},{"code":"75-79","name":{"vi":"75-79 tuổi","en":"75-79 years"},"active":true},{"code":"80+","name":{"vi":"Từ 80 tuổi trở lên","en":"80 years and over"},"active":true}]';
UPDATE dimensions SET transcription = '{"former_note":{"vi":"Bản chép ban đầu: các giá trị do phường lập.","en":"Values to be set by the ward."}}', fold = 'birth order
lan sinh
birth order
1
con thu nhat
first child
2
con thu hai
second child
3+
con thu ba tro len
third child or later', version = version + 1, updated_at = CURRENT_TIMESTAMP
WHERE code = 'birth_order' AND name_vi = 'Lần sinh' AND note IS NULL AND transcription IS NULL
    AND dimension_values = '[{"code":"1","name":{"vi":"Con thứ nhất","en":"First child"},"active":true},{"code":"2","name":{"vi":"Con thứ hai","en":"Second child"},"active":true},{"code":"3+","name":{"vi":"Con thứ ba trở lên","en":"Third child or later"},"active":true}]';
UPDATE dimensions SET transcription = '{"former_note":{"vi":"Bản chép ban đầu: các giá trị do phường lập.","en":"Values to be set by the ward."}}', fold = 'disability
tinh trang khuyet tat
disability status
yes
co khuyet tat
with a disability
no
khong khuyet tat
without a disability', version = version + 1, updated_at = CURRENT_TIMESTAMP
WHERE code = 'disability' AND name_vi = 'Tình trạng khuyết tật' AND note IS NULL AND transcription IS NULL
    AND dimension_values = '[{"code":"yes","name":{"vi":"Có khuyết tật","en":"With a disability"},"active":true},{"code":"no","name":{"vi":"Không khuyết tật","en":"Without a disability"},"active":true}]';
UPDATE dimensions SET transcription = '{"former_note":{"vi":"Bản chép ban đầu: các giá trị do phường lập.","en":"Values to be set by the ward."}}', fold = 'education level
cap hoc, trinh do
level of education
ma theo phan loai giao duc isced 2011 ma tong cuc thong ke su dung.
codes of isced 2011, the classification of education that the general statistics office uses.
0
giao duc mam non
early childhood education
1
tieu hoc
primary
2
trung hoc co so
lower secondary
3
trung hoc pho thong
upper secondary
4
sau trung hoc pho thong, chua den cao dang
post secondary non tertiary
5
cao dang
short cycle tertiary
6
dai hoc
bachelor''s or equivalent
7
thac si
master''s or equivalent
8
tien si
doctoral or equivalent'
WHERE code = 'education_level' AND name_vi = 'Cấp học, trình độ' AND note = 'Mã theo phân loại giáo dục ISCED 2011 mà Tổng cục Thống kê sử dụng.' AND transcription IS NULL
    AND dimension_values = '[{"code":"0","name":{"vi":"Giáo dục mầm non","en":"Early childhood education"},"active":true},{"code":"1","name":{"vi":"Tiểu học","en":"Primary"},"active":true},{"code":"2","name":{"vi":"Trung học cơ sở","en":"Lower secondary"},"active":true},{"code":"3","name":{"vi":"Trung học phổ thông","en":"Upper secondary"},"active":true},{"code":"4","name":{"vi":"Sau trung học phổ thông, chưa đến cao đẳng","en":"Post-secondary non-tertiary"},"active":true},{"code":"5","name":{"vi":"Cao đẳng","en":"Short-cycle tertiary"},"active":true},{"code":"6","name":{"vi":"Đại học","en":"Bachelor''s or equivalent"},"active":true},{"code":"7","name":{"vi":"Thạc sĩ","en":"Master''s or equivalent"},"active":true},{"code":"8","name":{"vi":"Tiến sĩ","en":"Doctoral or equivalent"},"active":true}]';
UPDATE dimensions SET transcription = '{"former_note":{"vi":"Bản chép ban đầu: các giá trị do phường lập.","en":"Values to be set by the ward."}}', fold = 'month
thang
month
01
thang 1
january
02
thang 2
february
03
thang 3
march
04
thang 4
april
05
thang 5
may
06
thang 6
june
07
thang 7
july
08
thang 8
august
09
thang 9
september
10
thang 10
october
11
thang 11
november
12
thang 12
december', version = version + 1, updated_at = CURRENT_TIMESTAMP
WHERE code = 'month' AND name_vi = 'Tháng' AND note IS NULL AND transcription IS NULL
    AND dimension_values = '[{"code":"01","name":{"vi":"Tháng 1","en":"January"},"active":true},{"code":"02","name":{"vi":"Tháng 2","en":"February"},"active":true},{"code":"03","name":{"vi":"Tháng 3","en":"March"},"active":true},{"code":"04","name":{"vi":"Tháng 4","en":"April"},"active":true},{"code":"05","name":{"vi":"Tháng 5","en":"May"},"active":true},{"code":"06","name":{"vi":"Tháng 6","en":"June"},"active":true},{"code":"07","name":{"vi":"Tháng 7","en":"July"},"active":true},{"code":"08","name":{"vi":"Tháng 8","en":"August"},"active":true},{"code":"09","name":{"vi":"Tháng 9","en":"September"},"active":true},{"code":"10","name":{"vi":"Tháng 10","en":"October"},"active":true},{"code":"11","name":{"vi":"Tháng 11","en":"November"},"active":true},{"code":"12","name":{"vi":"Tháng 12","en":"December"},"active":true}]';

-- indicators and their versions
UPDATE indicators SET definition = replace(definition, '"official_definition":{"source":"Thông tư 10/2019/TT-BKHĐT (78 indicators, employment group)",',
    '"official_definition":{"source":{"vi":"Thông tư 10/2019/TT-BKHĐT (78 chỉ tiêu, nhóm việc làm)","en":"Thông tư 10/2019/TT-BKHĐT (78 indicators, employment group)"},'), version = version + 1, updated_at = CURRENT_TIMESTAMP
WHERE definition <> replace(definition, '"official_definition":{"source":"Thông tư 10/2019/TT-BKHĐT (78 indicators, employment group)",', '');
UPDATE indicator_definitions SET definition = replace(definition, '"official_definition":{"source":"Thông tư 10/2019/TT-BKHĐT (78 indicators, employment group)",',
    '"official_definition":{"source":{"vi":"Thông tư 10/2019/TT-BKHĐT (78 chỉ tiêu, nhóm việc làm)","en":"Thông tư 10/2019/TT-BKHĐT (78 indicators, employment group)"},')
WHERE definition <> replace(definition, '"official_definition":{"source":"Thông tư 10/2019/TT-BKHĐT (78 indicators, employment group)",', '');
UPDATE indicators SET definition = replace(definition, '"official_definition":{"source":"SDG 5.4.1 / Bộ chỉ tiêu thống kê phát triển bền vững",',
    '"official_definition":{"source":{"vi":"Mục tiêu phát triển bền vững (SDG) 5.4.1 / Bộ chỉ tiêu thống kê phát triển bền vững","en":"SDG 5.4.1 / Bộ chỉ tiêu thống kê phát triển bền vững"},'), version = version + 1, updated_at = CURRENT_TIMESTAMP
WHERE definition <> replace(definition, '"official_definition":{"source":"SDG 5.4.1 / Bộ chỉ tiêu thống kê phát triển bền vững",', '');
UPDATE indicator_definitions SET definition = replace(definition, '"official_definition":{"source":"SDG 5.4.1 / Bộ chỉ tiêu thống kê phát triển bền vững",',
    '"official_definition":{"source":{"vi":"Mục tiêu phát triển bền vững (SDG) 5.4.1 / Bộ chỉ tiêu thống kê phát triển bền vững","en":"SDG 5.4.1 / Bộ chỉ tiêu thống kê phát triển bền vững"},')
WHERE definition <> replace(definition, '"official_definition":{"source":"SDG 5.4.1 / Bộ chỉ tiêu thống kê phát triển bền vững",', '');
UPDATE indicators SET definition = replace(definition, '"official_definition":{"source":"Công văn 2792/LĐTBXH-BĐG (20/08/2021), data-collection guidance for the Strategy",',
    '"official_definition":{"source":{"vi":"Công văn 2792/LĐTBXH-BĐG ngày 20/8/2021, hướng dẫn thu thập số liệu của Chiến lược","en":"Công văn 2792/LĐTBXH-BĐG (20/08/2021), data-collection guidance for the Strategy"},'), version = version + 1, updated_at = CURRENT_TIMESTAMP
WHERE definition <> replace(definition, '"official_definition":{"source":"Công văn 2792/LĐTBXH-BĐG (20/08/2021), data-collection guidance for the Strategy",', '');
UPDATE indicator_definitions SET definition = replace(definition, '"official_definition":{"source":"Công văn 2792/LĐTBXH-BĐG (20/08/2021), data-collection guidance for the Strategy",',
    '"official_definition":{"source":{"vi":"Công văn 2792/LĐTBXH-BĐG ngày 20/8/2021, hướng dẫn thu thập số liệu của Chiến lược","en":"Công văn 2792/LĐTBXH-BĐG (20/08/2021), data-collection guidance for the Strategy"},')
WHERE definition <> replace(definition, '"official_definition":{"source":"Công văn 2792/LĐTBXH-BĐG (20/08/2021), data-collection guidance for the Strategy",', '');
UPDATE indicators SET definition = replace(definition, '"official_definition":{"source":"GSO metadata, Tỷ số giới tính khi sinh",',
    '"official_definition":{"source":{"vi":"Dữ liệu đặc tả của Tổng cục Thống kê, Tỷ số giới tính khi sinh","en":"GSO metadata, Tỷ số giới tính khi sinh"},'), version = version + 1, updated_at = CURRENT_TIMESTAMP
WHERE definition <> replace(definition, '"official_definition":{"source":"GSO metadata, Tỷ số giới tính khi sinh",', '');
UPDATE indicator_definitions SET definition = replace(definition, '"official_definition":{"source":"GSO metadata, Tỷ số giới tính khi sinh",',
    '"official_definition":{"source":{"vi":"Dữ liệu đặc tả của Tổng cục Thống kê, Tỷ số giới tính khi sinh","en":"GSO metadata, Tỷ số giới tính khi sinh"},')
WHERE definition <> replace(definition, '"official_definition":{"source":"GSO metadata, Tỷ số giới tính khi sinh",', '');
UPDATE indicators SET definition = replace(definition, '"official_definition":{"source":"GSO metadata, Tỷ số tử vong mẹ trên một trăm nghìn trẻ đẻ sống",',
    '"official_definition":{"source":{"vi":"Dữ liệu đặc tả của Tổng cục Thống kê, Tỷ số tử vong mẹ trên một trăm nghìn trẻ đẻ sống","en":"GSO metadata, Tỷ số tử vong mẹ trên một trăm nghìn trẻ đẻ sống"},'), version = version + 1, updated_at = CURRENT_TIMESTAMP
WHERE definition <> replace(definition, '"official_definition":{"source":"GSO metadata, Tỷ số tử vong mẹ trên một trăm nghìn trẻ đẻ sống",', '');
UPDATE indicator_definitions SET definition = replace(definition, '"official_definition":{"source":"GSO metadata, Tỷ số tử vong mẹ trên một trăm nghìn trẻ đẻ sống",',
    '"official_definition":{"source":{"vi":"Dữ liệu đặc tả của Tổng cục Thống kê, Tỷ số tử vong mẹ trên một trăm nghìn trẻ đẻ sống","en":"GSO metadata, Tỷ số tử vong mẹ trên một trăm nghìn trẻ đẻ sống"},')
WHERE definition <> replace(definition, '"official_definition":{"source":"GSO metadata, Tỷ số tử vong mẹ trên một trăm nghìn trẻ đẻ sống",', '');
UPDATE indicators SET definition = replace(definition, '"official_definition":{"source":"SDG 3.7.2",',
    '"official_definition":{"source":{"vi":"Mục tiêu phát triển bền vững (SDG) 3.7.2","en":"SDG 3.7.2"},'), version = version + 1, updated_at = CURRENT_TIMESTAMP
WHERE definition <> replace(definition, '"official_definition":{"source":"SDG 3.7.2",', '');
UPDATE indicator_definitions SET definition = replace(definition, '"official_definition":{"source":"SDG 3.7.2",',
    '"official_definition":{"source":{"vi":"Mục tiêu phát triển bền vững (SDG) 3.7.2","en":"SDG 3.7.2"},')
WHERE definition <> replace(definition, '"official_definition":{"source":"SDG 3.7.2",', '');
UPDATE indicators SET definition = replace(definition, '"official_definition":{"source":"none",',
    '"official_definition":{"source":{"vi":"Không có","en":"none"},'), version = version + 1, updated_at = CURRENT_TIMESTAMP
WHERE definition <> replace(definition, '"official_definition":{"source":"none",', '');
UPDATE indicator_definitions SET definition = replace(definition, '"official_definition":{"source":"none",',
    '"official_definition":{"source":{"vi":"Không có","en":"none"},')
WHERE definition <> replace(definition, '"official_definition":{"source":"none",', '');
UPDATE indicators SET definition = replace(definition, '"official_definition":{"source":"GSO metadata (district level), Tỷ lệ học sinh hoàn thành cấp học",',
    '"official_definition":{"source":{"vi":"Dữ liệu đặc tả của Tổng cục Thống kê (cấp huyện), Tỷ lệ học sinh hoàn thành cấp học","en":"GSO metadata (district level), Tỷ lệ học sinh hoàn thành cấp học"},'), version = version + 1, updated_at = CURRENT_TIMESTAMP
WHERE definition <> replace(definition, '"official_definition":{"source":"GSO metadata (district level), Tỷ lệ học sinh hoàn thành cấp học",', '');
UPDATE indicator_definitions SET definition = replace(definition, '"official_definition":{"source":"GSO metadata (district level), Tỷ lệ học sinh hoàn thành cấp học",',
    '"official_definition":{"source":{"vi":"Dữ liệu đặc tả của Tổng cục Thống kê (cấp huyện), Tỷ lệ học sinh hoàn thành cấp học","en":"GSO metadata (district level), Tỷ lệ học sinh hoàn thành cấp học"},')
WHERE definition <> replace(definition, '"official_definition":{"source":"GSO metadata (district level), Tỷ lệ học sinh hoàn thành cấp học",', '');
UPDATE indicators SET definition = replace(definition, '"official_definition":{"source":"none read",',
    '"official_definition":{"source":{"vi":"Chưa đọc được nguồn nào","en":"none read"},'), version = version + 1, updated_at = CURRENT_TIMESTAMP
WHERE definition <> replace(definition, '"official_definition":{"source":"none read",', '');
UPDATE indicator_definitions SET definition = replace(definition, '"official_definition":{"source":"none read",',
    '"official_definition":{"source":{"vi":"Chưa đọc được nguồn nào","en":"none read"},')
WHERE definition <> replace(definition, '"official_definition":{"source":"none read",', '');
UPDATE indicators SET definition = replace(definition, '"official_definition":{"source":"Công văn 2792/LĐTBXH-BĐG annex, Mục tiêu 6, 6.1",',
    '"official_definition":{"source":{"vi":"Phụ lục Công văn 2792/LĐTBXH-BĐG, Mục tiêu 6, 6.1","en":"Công văn 2792/LĐTBXH-BĐG annex, Mục tiêu 6, 6.1"},'), version = version + 1, updated_at = CURRENT_TIMESTAMP
WHERE definition <> replace(definition, '"official_definition":{"source":"Công văn 2792/LĐTBXH-BĐG annex, Mục tiêu 6, 6.1",', '');
UPDATE indicator_definitions SET definition = replace(definition, '"official_definition":{"source":"Công văn 2792/LĐTBXH-BĐG annex, Mục tiêu 6, 6.1",',
    '"official_definition":{"source":{"vi":"Phụ lục Công văn 2792/LĐTBXH-BĐG, Mục tiêu 6, 6.1","en":"Công văn 2792/LĐTBXH-BĐG annex, Mục tiêu 6, 6.1"},')
WHERE definition <> replace(definition, '"official_definition":{"source":"Công văn 2792/LĐTBXH-BĐG annex, Mục tiêu 6, 6.1",', '');
UPDATE indicators SET definition = replace(definition, '"official_definition":{"source":"Công văn 2792/LĐTBXH-BĐG annex, Mục tiêu 6",',
    '"official_definition":{"source":{"vi":"Phụ lục Công văn 2792/LĐTBXH-BĐG, Mục tiêu 6","en":"Công văn 2792/LĐTBXH-BĐG annex, Mục tiêu 6"},'), version = version + 1, updated_at = CURRENT_TIMESTAMP
WHERE definition <> replace(definition, '"official_definition":{"source":"Công văn 2792/LĐTBXH-BĐG annex, Mục tiêu 6",', '');
UPDATE indicator_definitions SET definition = replace(definition, '"official_definition":{"source":"Công văn 2792/LĐTBXH-BĐG annex, Mục tiêu 6",',
    '"official_definition":{"source":{"vi":"Phụ lục Công văn 2792/LĐTBXH-BĐG, Mục tiêu 6","en":"Công văn 2792/LĐTBXH-BĐG annex, Mục tiêu 6"},')
WHERE definition <> replace(definition, '"official_definition":{"source":"Công văn 2792/LĐTBXH-BĐG annex, Mục tiêu 6",', '');
UPDATE indicators SET definition = replace(definition, '"text":"State management agencies and local authorities with key women leaders / all such agencies x 100; for local authorities = HĐND and UBND; key leaders of these = Chairperson and Vice Chairpersons. Published yearly."',
    '"text":{"vi":"Số cơ quan quản lý nhà nước, chính quyền địa phương có lãnh đạo chủ chốt là nữ / tổng số các cơ quan đó x 100; chính quyền địa phương gồm HĐND và UBND; lãnh đạo chủ chốt của các cơ quan này là Chủ tịch và các Phó Chủ tịch. Công bố hằng năm.","en":"State management agencies and local authorities with key women leaders / all such agencies x 100; for local authorities = HĐND and UBND; key leaders of these = Chairperson and Vice Chairpersons. Published yearly."}'), version = version + 1, updated_at = CURRENT_TIMESTAMP
WHERE definition <> replace(definition, '"text":"State management agencies and local authorities with key women leaders / all such agencies x 100; for local authorities = HĐND and UBND; key leaders of these = Chairperson and Vice Chairpersons. Published yearly."', '');
UPDATE indicator_definitions SET definition = replace(definition, '"text":"State management agencies and local authorities with key women leaders / all such agencies x 100; for local authorities = HĐND and UBND; key leaders of these = Chairperson and Vice Chairpersons. Published yearly."',
    '"text":{"vi":"Số cơ quan quản lý nhà nước, chính quyền địa phương có lãnh đạo chủ chốt là nữ / tổng số các cơ quan đó x 100; chính quyền địa phương gồm HĐND và UBND; lãnh đạo chủ chốt của các cơ quan này là Chủ tịch và các Phó Chủ tịch. Công bố hằng năm.","en":"State management agencies and local authorities with key women leaders / all such agencies x 100; for local authorities = HĐND and UBND; key leaders of these = Chairperson and Vice Chairpersons. Published yearly."}')
WHERE definition <> replace(definition, '"text":"State management agencies and local authorities with key women leaders / all such agencies x 100; for local authorities = HĐND and UBND; key leaders of these = Chairperson and Vice Chairpersons. Published yearly."', '');
UPDATE indicators SET definition = replace(definition, '"text":"Indicator text not read."',
    '"text":{"vi":"Chưa đọc được nội dung chỉ tiêu.","en":"Indicator text not read."}'), version = version + 1, updated_at = CURRENT_TIMESTAMP
WHERE definition <> replace(definition, '"text":"Indicator text not read."', '');
UPDATE indicator_definitions SET definition = replace(definition, '"text":"Indicator text not read."',
    '"text":{"vi":"Chưa đọc được nội dung chỉ tiêu.","en":"Indicator text not read."}')
WHERE definition <> replace(definition, '"text":"Indicator text not read."', '');
UPDATE indicators SET definition = replace(definition, '"text":"Average hours of unpaid domestic and care work by sex; survey based."',
    '"text":{"vi":"Số giờ trung bình làm công việc nội trợ và chăm sóc trong gia đình không được trả công, chia theo giới tính; tính từ điều tra.","en":"Average hours of unpaid domestic and care work by sex; survey based."}'), version = version + 1, updated_at = CURRENT_TIMESTAMP
WHERE definition <> replace(definition, '"text":"Average hours of unpaid domestic and care work by sex; survey based."', '');
UPDATE indicator_definitions SET definition = replace(definition, '"text":"Average hours of unpaid domestic and care work by sex; survey based."',
    '"text":{"vi":"Số giờ trung bình làm công việc nội trợ và chăm sóc trong gia đình không được trả công, chia theo giới tính; tính từ điều tra.","en":"Average hours of unpaid domestic and care work by sex; survey based."}')
WHERE definition <> replace(definition, '"text":"Average hours of unpaid domestic and care work by sex; survey based."', '');
UPDATE indicators SET definition = replace(definition, '"text":"Annex text for this indicator not read."',
    '"text":{"vi":"Chưa đọc được phần phụ lục về chỉ tiêu này.","en":"Annex text for this indicator not read."}'), version = version + 1, updated_at = CURRENT_TIMESTAMP
WHERE definition <> replace(definition, '"text":"Annex text for this indicator not read."', '');
UPDATE indicator_definitions SET definition = replace(definition, '"text":"Annex text for this indicator not read."',
    '"text":{"vi":"Chưa đọc được phần phụ lục về chỉ tiêu này.","en":"Annex text for this indicator not read."}')
WHERE definition <> replace(definition, '"text":"Annex text for this indicator not read."', '');
UPDATE indicators SET definition = replace(definition, '"text":"Boys born alive / girls born alive in the area in the period x 100; by urban/rural and province; yearly; census, surveys or administrative data."',
    '"text":{"vi":"Số bé trai sinh ra sống / số bé gái sinh ra sống trên địa bàn trong kỳ x 100; chia theo thành thị/nông thôn và tỉnh; hằng năm; từ tổng điều tra, điều tra hoặc dữ liệu hành chính.","en":"Boys born alive / girls born alive in the area in the period x 100; by urban/rural and province; yearly; census, surveys or administrative data."}'), version = version + 1, updated_at = CURRENT_TIMESTAMP
WHERE definition <> replace(definition, '"text":"Boys born alive / girls born alive in the area in the period x 100; by urban/rural and province; yearly; census, surveys or administrative data."', '');
UPDATE indicator_definitions SET definition = replace(definition, '"text":"Boys born alive / girls born alive in the area in the period x 100; by urban/rural and province; yearly; census, surveys or administrative data."',
    '"text":{"vi":"Số bé trai sinh ra sống / số bé gái sinh ra sống trên địa bàn trong kỳ x 100; chia theo thành thị/nông thôn và tỉnh; hằng năm; từ tổng điều tra, điều tra hoặc dữ liệu hành chính.","en":"Boys born alive / girls born alive in the area in the period x 100; by urban/rural and province; yearly; census, surveys or administrative data."}')
WHERE definition <> replace(definition, '"text":"Boys born alive / girls born alive in the area in the period x 100; by urban/rural and province; yearly; census, surveys or administrative data."', '');
UPDATE indicators SET definition = replace(definition, '"text":"Women who died of causes related to pregnancy and delivery, from pregnancy to 42 days after birth (not accidental causes), per 100,000 live births; published every 5 years."',
    '"text":{"vi":"Số phụ nữ tử vong do các nguyên nhân liên quan đến thai nghén và sinh đẻ, từ khi mang thai đến 42 ngày sau khi sinh (không tính nguyên nhân tai nạn), trên 100.000 trẻ đẻ sống; công bố 5 năm một lần.","en":"Women who died of causes related to pregnancy and delivery, from pregnancy to 42 days after birth (not accidental causes), per 100,000 live births; published every 5 years."}'), version = version + 1, updated_at = CURRENT_TIMESTAMP
WHERE definition <> replace(definition, '"text":"Women who died of causes related to pregnancy and delivery, from pregnancy to 42 days after birth (not accidental causes), per 100,000 live births; published every 5 years."', '');
UPDATE indicator_definitions SET definition = replace(definition, '"text":"Women who died of causes related to pregnancy and delivery, from pregnancy to 42 days after birth (not accidental causes), per 100,000 live births; published every 5 years."',
    '"text":{"vi":"Số phụ nữ tử vong do các nguyên nhân liên quan đến thai nghén và sinh đẻ, từ khi mang thai đến 42 ngày sau khi sinh (không tính nguyên nhân tai nạn), trên 100.000 trẻ đẻ sống; công bố 5 năm một lần.","en":"Women who died of causes related to pregnancy and delivery, from pregnancy to 42 days after birth (not accidental causes), per 100,000 live births; published every 5 years."}')
WHERE definition <> replace(definition, '"text":"Women who died of causes related to pregnancy and delivery, from pregnancy to 42 days after birth (not accidental causes), per 100,000 live births; published every 5 years."', '');
UPDATE indicators SET definition = replace(definition, '"text":"Births to women aged 10-14 and 15-19 per 1,000 women in that age group."',
    '"text":{"vi":"Số ca sinh của phụ nữ từ 10 đến 14 tuổi và từ 15 đến 19 tuổi trên 1.000 phụ nữ cùng nhóm tuổi.","en":"Births to women aged 10-14 and 15-19 per 1,000 women in that age group."}'), version = version + 1, updated_at = CURRENT_TIMESTAMP
WHERE definition <> replace(definition, '"text":"Births to women aged 10-14 and 15-19 per 1,000 women in that age group."', '');
UPDATE indicator_definitions SET definition = replace(definition, '"text":"Births to women aged 10-14 and 15-19 per 1,000 women in that age group."',
    '"text":{"vi":"Số ca sinh của phụ nữ từ 10 đến 14 tuổi và từ 15 đến 19 tuổi trên 1.000 phụ nữ cùng nhóm tuổi.","en":"Births to women aged 10-14 and 15-19 per 1,000 women in that age group."}')
WHERE definition <> replace(definition, '"text":"Births to women aged 10-14 and 15-19 per 1,000 women in that age group."', '');
UPDATE indicators SET definition = replace(definition, '"text":"Qualitative; no statistical definition found."',
    '"text":{"vi":"Chỉ tiêu định tính; không tìm thấy định nghĩa thống kê.","en":"Qualitative; no statistical definition found."}'), version = version + 1, updated_at = CURRENT_TIMESTAMP
WHERE definition <> replace(definition, '"text":"Qualitative; no statistical definition found."', '');
UPDATE indicator_definitions SET definition = replace(definition, '"text":"Qualitative; no statistical definition found."',
    '"text":{"vi":"Chỉ tiêu định tính; không tìm thấy định nghĩa thống kê.","en":"Qualitative; no statistical definition found."}')
WHERE definition <> replace(definition, '"text":"Qualitative; no statistical definition found."', '');
UPDATE indicators SET definition = replace(definition, '"text":"Pupils completing primary in year t / pupils in grade 1 in year t-4 x 100 (lower secondary: graduates in year t / grade 6 in year t-3)."',
    '"text":{"vi":"Số học sinh hoàn thành tiểu học năm t / số học sinh lớp 1 năm t-4 x 100 (trung học cơ sở: số học sinh tốt nghiệp năm t / số học sinh lớp 6 năm t-3).","en":"Pupils completing primary in year t / pupils in grade 1 in year t-4 x 100 (lower secondary: graduates in year t / grade 6 in year t-3)."}'), version = version + 1, updated_at = CURRENT_TIMESTAMP
WHERE definition <> replace(definition, '"text":"Pupils completing primary in year t / pupils in grade 1 in year t-4 x 100 (lower secondary: graduates in year t / grade 6 in year t-3)."', '');
UPDATE indicator_definitions SET definition = replace(definition, '"text":"Pupils completing primary in year t / pupils in grade 1 in year t-4 x 100 (lower secondary: graduates in year t / grade 6 in year t-3)."',
    '"text":{"vi":"Số học sinh hoàn thành tiểu học năm t / số học sinh lớp 1 năm t-4 x 100 (trung học cơ sở: số học sinh tốt nghiệp năm t / số học sinh lớp 6 năm t-3).","en":"Pupils completing primary in year t / pupils in grade 1 in year t-4 x 100 (lower secondary: graduates in year t / grade 6 in year t-3)."}')
WHERE definition <> replace(definition, '"text":"Pupils completing primary in year t / pupils in grade 1 in year t-4 x 100 (lower secondary: graduates in year t / grade 6 in year t-3)."', '');
UPDATE indicators SET definition = replace(definition, '"text":"See 5.2a."',
    '"text":{"vi":"Xem 5.2a.","en":"See 5.2a."}'), version = version + 1, updated_at = CURRENT_TIMESTAMP
WHERE definition <> replace(definition, '"text":"See 5.2a."', '');
UPDATE indicator_definitions SET definition = replace(definition, '"text":"See 5.2a."',
    '"text":{"vi":"Xem 5.2a.","en":"See 5.2a."}')
WHERE definition <> replace(definition, '"text":"See 5.2a."', '');
UPDATE indicators SET definition = replace(definition, '"text":"Population with access to basic knowledge of gender equality / total population x 100; localities aggregate from communication activities, including the coverage of broadcasting; national sociological surveys in 2024 and 2029."',
    '"text":{"vi":"Số dân được tiếp cận kiến thức cơ bản về bình đẳng giới / tổng số dân x 100; địa phương tổng hợp từ các hoạt động truyền thông, kể cả mức phủ sóng của phát thanh, truyền hình; điều tra xã hội học toàn quốc vào năm 2024 và năm 2029.","en":"Population with access to basic knowledge of gender equality / total population x 100; localities aggregate from communication activities, including the coverage of broadcasting; national sociological surveys in 2024 and 2029."}'), version = version + 1, updated_at = CURRENT_TIMESTAMP
WHERE definition <> replace(definition, '"text":"Population with access to basic knowledge of gender equality / total population x 100; localities aggregate from communication activities, including the coverage of broadcasting; national sociological surveys in 2024 and 2029."', '');
UPDATE indicator_definitions SET definition = replace(definition, '"text":"Population with access to basic knowledge of gender equality / total population x 100; localities aggregate from communication activities, including the coverage of broadcasting; national sociological surveys in 2024 and 2029."',
    '"text":{"vi":"Số dân được tiếp cận kiến thức cơ bản về bình đẳng giới / tổng số dân x 100; địa phương tổng hợp từ các hoạt động truyền thông, kể cả mức phủ sóng của phát thanh, truyền hình; điều tra xã hội học toàn quốc vào năm 2024 và năm 2029.","en":"Population with access to basic knowledge of gender equality / total population x 100; localities aggregate from communication activities, including the coverage of broadcasting; national sociological surveys in 2024 and 2029."}')
WHERE definition <> replace(definition, '"text":"Population with access to basic knowledge of gender equality / total population x 100; localities aggregate from communication activities, including the coverage of broadcasting; national sociological surveys in 2024 and 2029."', '');
UPDATE indicators SET definition = replace(definition, '"text":"Text for 6.2 not read."',
    '"text":{"vi":"Chưa đọc được nội dung về 6.2.","en":"Text for 6.2 not read."}'), version = version + 1, updated_at = CURRENT_TIMESTAMP
WHERE definition <> replace(definition, '"text":"Text for 6.2 not read."', '');
UPDATE indicator_definitions SET definition = replace(definition, '"text":"Text for 6.2 not read."',
    '"text":{"vi":"Chưa đọc được nội dung về 6.2.","en":"Text for 6.2 not read."}')
WHERE definition <> replace(definition, '"text":"Text for 6.2 not read."', '');
UPDATE indicators SET definition = replace(definition, '"text":"Text for 6.3 not read."',
    '"text":{"vi":"Chưa đọc được nội dung về 6.3.","en":"Text for 6.3 not read."}'), version = version + 1, updated_at = CURRENT_TIMESTAMP
WHERE definition <> replace(definition, '"text":"Text for 6.3 not read."', '');
UPDATE indicator_definitions SET definition = replace(definition, '"text":"Text for 6.3 not read."',
    '"text":{"vi":"Chưa đọc được nội dung về 6.3.","en":"Text for 6.3 not read."}')
WHERE definition <> replace(definition, '"text":"Text for 6.3 not read."', '');
UPDATE indicators SET definition = replace(definition, '"verified_note":"Read from a mirror of the GSO page (diacritics scrambled there, sense clear)."',
    '"verified_note":{"vi":"Đọc từ một bản sao trang của Tổng cục Thống kê (ở đó dấu tiếng Việt bị lỗi, ý nghĩa vẫn rõ).","en":"Read from a mirror of the GSO page (diacritics scrambled there, sense clear)."}'), version = version + 1, updated_at = CURRENT_TIMESTAMP
WHERE definition <> replace(definition, '"verified_note":"Read from a mirror of the GSO page (diacritics scrambled there, sense clear)."', '');
UPDATE indicator_definitions SET definition = replace(definition, '"verified_note":"Read from a mirror of the GSO page (diacritics scrambled there, sense clear)."',
    '"verified_note":{"vi":"Đọc từ một bản sao trang của Tổng cục Thống kê (ở đó dấu tiếng Việt bị lỗi, ý nghĩa vẫn rõ).","en":"Read from a mirror of the GSO page (diacritics scrambled there, sense clear)."}')
WHERE definition <> replace(definition, '"verified_note":"Read from a mirror of the GSO page (diacritics scrambled there, sense clear)."', '');
UPDATE indicators SET definition = replace(definition, '"verified_note":"Read from a third-party copy of the GSO text."',
    '"verified_note":{"vi":"Đọc từ bản sao của bên thứ ba đối với văn bản của Tổng cục Thống kê.","en":"Read from a third-party copy of the GSO text."}'), version = version + 1, updated_at = CURRENT_TIMESTAMP
WHERE definition <> replace(definition, '"verified_note":"Read from a third-party copy of the GSO text."', '');
UPDATE indicator_definitions SET definition = replace(definition, '"verified_note":"Read from a third-party copy of the GSO text."',
    '"verified_note":{"vi":"Đọc từ bản sao của bên thứ ba đối với văn bản của Tổng cục Thống kê.","en":"Read from a third-party copy of the GSO text."}')
WHERE definition <> replace(definition, '"verified_note":"Read from a third-party copy of the GSO text."', '');
UPDATE indicators SET definition = replace(definition, '"verified_note":"SDG wording read; the Vietnamese age group was not confirmed."',
    '"verified_note":{"vi":"Đã đọc định nghĩa của SDG; chưa xác nhận được nhóm tuổi theo quy định của Việt Nam.","en":"SDG wording read; the Vietnamese age group was not confirmed."}'), version = version + 1, updated_at = CURRENT_TIMESTAMP
WHERE definition <> replace(definition, '"verified_note":"SDG wording read; the Vietnamese age group was not confirmed."', '');
UPDATE indicator_definitions SET definition = replace(definition, '"verified_note":"SDG wording read; the Vietnamese age group was not confirmed."',
    '"verified_note":{"vi":"Đã đọc định nghĩa của SDG; chưa xác nhận được nhóm tuổi theo quy định của Việt Nam.","en":"SDG wording read; the Vietnamese age group was not confirmed."}')
WHERE definition <> replace(definition, '"verified_note":"SDG wording read; the Vietnamese age group was not confirmed."', '');
UPDATE indicators SET definition = replace(definition, '"editorial_note":"Differs from the national indicator: target 70 (national 75), ''lãnh đạo'' (national ''lãnh đạo chủ chốt'', key leaders) and ''các cơ quan, đơn vị trên địa bàn phường'' (national: state agencies and local authorities). The plan does not say which posts count as ''lãnh đạo'' nor which units are in the denominator: store the list of units counted with each value."',
    '"editorial_note":{"vi":"Khác với chỉ tiêu quốc gia: mức 70 (quốc gia 75), “lãnh đạo” (quốc gia “lãnh đạo chủ chốt”) và “các cơ quan, đơn vị trên địa bàn phường” (quốc gia: cơ quan quản lý nhà nước và chính quyền địa phương). Kế hoạch không nói chức vụ nào được tính là “lãnh đạo” và đơn vị nào nằm trong mẫu số: cần lưu danh sách đơn vị được tính kèm theo mỗi giá trị.","en":"Differs from the national indicator: target 70 (national 75), ''lãnh đạo'' (national ''lãnh đạo chủ chốt'', key leaders) and ''các cơ quan, đơn vị trên địa bàn phường'' (national: state agencies and local authorities). The plan does not say which posts count as ''lãnh đạo'' nor which units are in the denominator: store the list of units counted with each value."}'), version = version + 1, updated_at = CURRENT_TIMESTAMP
WHERE definition <> replace(definition, '"editorial_note":"Differs from the national indicator: target 70 (national 75), ''lãnh đạo'' (national ''lãnh đạo chủ chốt'', key leaders) and ''các cơ quan, đơn vị trên địa bàn phường'' (national: state agencies and local authorities). The plan does not say which posts count as ''lãnh đạo'' nor which units are in the denominator: store the list of units counted with each value."', '');
UPDATE indicator_definitions SET definition = replace(definition, '"editorial_note":"Differs from the national indicator: target 70 (national 75), ''lãnh đạo'' (national ''lãnh đạo chủ chốt'', key leaders) and ''các cơ quan, đơn vị trên địa bàn phường'' (national: state agencies and local authorities). The plan does not say which posts count as ''lãnh đạo'' nor which units are in the denominator: store the list of units counted with each value."',
    '"editorial_note":{"vi":"Khác với chỉ tiêu quốc gia: mức 70 (quốc gia 75), “lãnh đạo” (quốc gia “lãnh đạo chủ chốt”) và “các cơ quan, đơn vị trên địa bàn phường” (quốc gia: cơ quan quản lý nhà nước và chính quyền địa phương). Kế hoạch không nói chức vụ nào được tính là “lãnh đạo” và đơn vị nào nằm trong mẫu số: cần lưu danh sách đơn vị được tính kèm theo mỗi giá trị.","en":"Differs from the national indicator: target 70 (national 75), ''lãnh đạo'' (national ''lãnh đạo chủ chốt'', key leaders) and ''các cơ quan, đơn vị trên địa bàn phường'' (national: state agencies and local authorities). The plan does not say which posts count as ''lãnh đạo'' nor which units are in the denominator: store the list of units counted with each value."}')
WHERE definition <> replace(definition, '"editorial_note":"Differs from the national indicator: target 70 (national 75), ''lãnh đạo'' (national ''lãnh đạo chủ chốt'', key leaders) and ''các cơ quan, đơn vị trên địa bàn phường'' (national: state agencies and local authorities). The plan does not say which posts count as ''lãnh đạo'' nor which units are in the denominator: store the list of units counted with each value."', '');
UPDATE indicators SET definition = replace(definition, '"editorial_note":"Can be read two ways: share of wage workers among employed women, or share of women among wage workers. The national figures (50.9% in 2023 against a 50% target) fit the first reading, which is used here. The national text says ''khoảng 60%'' (about); the plan says ''60%''."',
    '"editorial_note":{"vi":"Có thể hiểu theo hai cách: tỷ lệ làm công hưởng lương trong số lao động nữ có việc làm, hoặc tỷ lệ nữ trong số lao động làm công hưởng lương. Số liệu quốc gia (50,9% năm 2023 so với mục tiêu 50%) phù hợp với cách hiểu thứ nhất, là cách được dùng ở đây. Văn bản quốc gia ghi “khoảng 60%”; kế hoạch ghi “60%”.","en":"Can be read two ways: share of wage workers among employed women, or share of women among wage workers. The national figures (50.9% in 2023 against a 50% target) fit the first reading, which is used here. The national text says ''khoảng 60%'' (about); the plan says ''60%''."}'), version = version + 1, updated_at = CURRENT_TIMESTAMP
WHERE definition <> replace(definition, '"editorial_note":"Can be read two ways: share of wage workers among employed women, or share of women among wage workers. The national figures (50.9% in 2023 against a 50% target) fit the first reading, which is used here. The national text says ''khoảng 60%'' (about); the plan says ''60%''."', '');
UPDATE indicator_definitions SET definition = replace(definition, '"editorial_note":"Can be read two ways: share of wage workers among employed women, or share of women among wage workers. The national figures (50.9% in 2023 against a 50% target) fit the first reading, which is used here. The national text says ''khoảng 60%'' (about); the plan says ''60%''."',
    '"editorial_note":{"vi":"Có thể hiểu theo hai cách: tỷ lệ làm công hưởng lương trong số lao động nữ có việc làm, hoặc tỷ lệ nữ trong số lao động làm công hưởng lương. Số liệu quốc gia (50,9% năm 2023 so với mục tiêu 50%) phù hợp với cách hiểu thứ nhất, là cách được dùng ở đây. Văn bản quốc gia ghi “khoảng 60%”; kế hoạch ghi “60%”.","en":"Can be read two ways: share of wage workers among employed women, or share of women among wage workers. The national figures (50.9% in 2023 against a 50% target) fit the first reading, which is used here. The national text says ''khoảng 60%'' (about); the plan says ''60%''."}')
WHERE definition <> replace(definition, '"editorial_note":"Can be read two ways: share of wage workers among employed women, or share of women among wage workers. The national figures (50.9% in 2023 against a 50% target) fit the first reading, which is used here. The national text says ''khoảng 60%'' (about); the plan says ''60%''."', '');
UPDATE indicators SET definition = replace(definition, '"editorial_note":"Strictly below 25: exactly 25.00 does not meet the target. The national text says ''tỷ trọng lao động nữ''; the plan drops ''lao động''. The former Bắc Ninh province plan (360/KH-UBND of 10/06/2021) had below 20% (2025) and below 10% (2030)."',
    '"editorial_note":{"vi":"Phải dưới 25: đúng 25,00 là chưa đạt. Văn bản quốc gia ghi “tỷ trọng lao động nữ”; kế hoạch bỏ “lao động”. Kế hoạch trước đây của tỉnh Bắc Ninh (360/KH-UBND ngày 10/6/2021) đặt mức dưới 20% (2025) và dưới 10% (2030).","en":"Strictly below 25: exactly 25.00 does not meet the target. The national text says ''tỷ trọng lao động nữ''; the plan drops ''lao động''. The former Bắc Ninh province plan (360/KH-UBND of 10/06/2021) had below 20% (2025) and below 10% (2030)."}'), version = version + 1, updated_at = CURRENT_TIMESTAMP
WHERE definition <> replace(definition, '"editorial_note":"Strictly below 25: exactly 25.00 does not meet the target. The national text says ''tỷ trọng lao động nữ''; the plan drops ''lao động''. The former Bắc Ninh province plan (360/KH-UBND of 10/06/2021) had below 20% (2025) and below 10% (2030)."', '');
UPDATE indicator_definitions SET definition = replace(definition, '"editorial_note":"Strictly below 25: exactly 25.00 does not meet the target. The national text says ''tỷ trọng lao động nữ''; the plan drops ''lao động''. The former Bắc Ninh province plan (360/KH-UBND of 10/06/2021) had below 20% (2025) and below 10% (2030)."',
    '"editorial_note":{"vi":"Phải dưới 25: đúng 25,00 là chưa đạt. Văn bản quốc gia ghi “tỷ trọng lao động nữ”; kế hoạch bỏ “lao động”. Kế hoạch trước đây của tỉnh Bắc Ninh (360/KH-UBND ngày 10/6/2021) đặt mức dưới 20% (2025) và dưới 10% (2030).","en":"Strictly below 25: exactly 25.00 does not meet the target. The national text says ''tỷ trọng lao động nữ''; the plan drops ''lao động''. The former Bắc Ninh province plan (360/KH-UBND of 10/06/2021) had below 20% (2025) and below 10% (2030)."}')
WHERE definition <> replace(definition, '"editorial_note":"Strictly below 25: exactly 25.00 does not meet the target. The national text says ''tỷ trọng lao động nữ''; the plan drops ''lao động''. The former Bắc Ninh province plan (360/KH-UBND of 10/06/2021) had below 20% (2025) and below 10% (2030)."', '');
UPDATE indicators SET definition = replace(definition, '"editorial_note":"The plan omits ''nữ'' (women): as written the sentence has no meaning for gender. The national text reads ''Tỷ lệ nữ giám đốc/chủ doanh nghiệp, hợp tác xã đạt ít nhất 27% vào năm 2025 và 30% vào năm 2030''. Read as women."',
    '"editorial_note":{"vi":"Kế hoạch bỏ sót chữ “nữ”: viết như vậy thì câu không có ý nghĩa về giới. Văn bản quốc gia ghi “Tỷ lệ nữ giám đốc/chủ doanh nghiệp, hợp tác xã đạt ít nhất 27% vào năm 2025 và 30% vào năm 2030”. Hiểu là nữ.","en":"The plan omits ''nữ'' (women): as written the sentence has no meaning for gender. The national text reads ''Tỷ lệ nữ giám đốc/chủ doanh nghiệp, hợp tác xã đạt ít nhất 27% vào năm 2025 và 30% vào năm 2030''. Read as women."}'), version = version + 1, updated_at = CURRENT_TIMESTAMP
WHERE definition <> replace(definition, '"editorial_note":"The plan omits ''nữ'' (women): as written the sentence has no meaning for gender. The national text reads ''Tỷ lệ nữ giám đốc/chủ doanh nghiệp, hợp tác xã đạt ít nhất 27% vào năm 2025 và 30% vào năm 2030''. Read as women."', '');
UPDATE indicator_definitions SET definition = replace(definition, '"editorial_note":"The plan omits ''nữ'' (women): as written the sentence has no meaning for gender. The national text reads ''Tỷ lệ nữ giám đốc/chủ doanh nghiệp, hợp tác xã đạt ít nhất 27% vào năm 2025 và 30% vào năm 2030''. Read as women."',
    '"editorial_note":{"vi":"Kế hoạch bỏ sót chữ “nữ”: viết như vậy thì câu không có ý nghĩa về giới. Văn bản quốc gia ghi “Tỷ lệ nữ giám đốc/chủ doanh nghiệp, hợp tác xã đạt ít nhất 27% vào năm 2025 và 30% vào năm 2030”. Hiểu là nữ.","en":"The plan omits ''nữ'' (women): as written the sentence has no meaning for gender. The national text reads ''Tỷ lệ nữ giám đốc/chủ doanh nghiệp, hợp tác xã đạt ít nhất 27% vào năm 2025 và 30% vào năm 2030''. Read as women."}')
WHERE definition <> replace(definition, '"editorial_note":"The plan omits ''nữ'' (women): as written the sentence has no meaning for gender. The national text reads ''Tỷ lệ nữ giám đốc/chủ doanh nghiệp, hợp tác xã đạt ít nhất 27% vào năm 2025 và 30% vào năm 2030''. Read as women."', '');
UPDATE indicators SET definition = replace(definition, '"editorial_note":"The wording ''giảm số giờ … còn 1,4 lần'' names hours but the target is a ratio women : men. Store both averages and compute the ratio. It comes from a survey, so a ward may have no value in most years: ''no data'' must be a valid state. Decimal comma in the plan (''1,4''); stored as 1.4. Context: the 2022 time-use survey reported about 3 h a day for women and 1 h 42 min for men (ratio about 1.76)."',
    '"editorial_note":{"vi":"Câu “giảm số giờ … còn 1,4 lần” nói về số giờ, nhưng mức phấn đấu là tỷ số nữ so với nam. Cần lưu cả hai số trung bình và tính tỷ số. Số liệu lấy từ điều tra nên phường có thể không có giá trị trong phần lớn các năm: “không có số liệu” phải là một trạng thái hợp lệ. Kế hoạch dùng dấu phẩy thập phân (“1,4”); được lưu là 1.4. Tham khảo: điều tra sử dụng thời gian năm 2022 cho kết quả khoảng 3 giờ mỗi ngày đối với nữ và 1 giờ 42 phút đối với nam (tỷ số khoảng 1,76).","en":"The wording ''giảm số giờ … còn 1,4 lần'' names hours but the target is a ratio women : men. Store both averages and compute the ratio. It comes from a survey, so a ward may have no value in most years: ''no data'' must be a valid state. Decimal comma in the plan (''1,4''); stored as 1.4. Context: the 2022 time-use survey reported about 3 h a day for women and 1 h 42 min for men (ratio about 1.76)."}'), version = version + 1, updated_at = CURRENT_TIMESTAMP
WHERE definition <> replace(definition, '"editorial_note":"The wording ''giảm số giờ … còn 1,4 lần'' names hours but the target is a ratio women : men. Store both averages and compute the ratio. It comes from a survey, so a ward may have no value in most years: ''no data'' must be a valid state. Decimal comma in the plan (''1,4''); stored as 1.4. Context: the 2022 time-use survey reported about 3 h a day for women and 1 h 42 min for men (ratio about 1.76)."', '');
UPDATE indicator_definitions SET definition = replace(definition, '"editorial_note":"The wording ''giảm số giờ … còn 1,4 lần'' names hours but the target is a ratio women : men. Store both averages and compute the ratio. It comes from a survey, so a ward may have no value in most years: ''no data'' must be a valid state. Decimal comma in the plan (''1,4''); stored as 1.4. Context: the 2022 time-use survey reported about 3 h a day for women and 1 h 42 min for men (ratio about 1.76)."',
    '"editorial_note":{"vi":"Câu “giảm số giờ … còn 1,4 lần” nói về số giờ, nhưng mức phấn đấu là tỷ số nữ so với nam. Cần lưu cả hai số trung bình và tính tỷ số. Số liệu lấy từ điều tra nên phường có thể không có giá trị trong phần lớn các năm: “không có số liệu” phải là một trạng thái hợp lệ. Kế hoạch dùng dấu phẩy thập phân (“1,4”); được lưu là 1.4. Tham khảo: điều tra sử dụng thời gian năm 2022 cho kết quả khoảng 3 giờ mỗi ngày đối với nữ và 1 giờ 42 phút đối với nam (tỷ số khoảng 1,76).","en":"The wording ''giảm số giờ … còn 1,4 lần'' names hours but the target is a ratio women : men. Store both averages and compute the ratio. It comes from a survey, so a ward may have no value in most years: ''no data'' must be a valid state. Decimal comma in the plan (''1,4''); stored as 1.4. Context: the 2022 time-use survey reported about 3 h a day for women and 1 h 42 min for men (ratio about 1.76)."}')
WHERE definition <> replace(definition, '"editorial_note":"The wording ''giảm số giờ … còn 1,4 lần'' names hours but the target is a ratio women : men. Store both averages and compute the ratio. It comes from a survey, so a ward may have no value in most years: ''no data'' must be a valid state. Decimal comma in the plan (''1,4''); stored as 1.4. Context: the 2022 time-use survey reported about 3 h a day for women and 1 h 42 min for men (ratio about 1.76)."', '');
UPDATE indicators SET definition = replace(definition, '"editorial_note":"''được phát hiện được tiếp cận'': only detected cases are counted, so a falling denominator is not by itself good news; show counts beside the percentage to those entitled. ''dịch vụ hỗ trợ cơ bản'' is not defined in the plan. If no case was detected the value is ''no cases'', neither 0% nor 100%."',
    '"editorial_note":{"vi":"“được phát hiện được tiếp cận”: chỉ tính các trường hợp được phát hiện, nên mẫu số giảm tự nó chưa phải là tin tốt; đối với người có thẩm quyền cần hiển thị số lượng bên cạnh tỷ lệ. “dịch vụ hỗ trợ cơ bản” không được định nghĩa trong kế hoạch. Nếu không phát hiện trường hợp nào thì giá trị là “không phát sinh”, không phải 0% và cũng không phải 100%.","en":"''được phát hiện được tiếp cận'': only detected cases are counted, so a falling denominator is not by itself good news; show counts beside the percentage to those entitled. ''dịch vụ hỗ trợ cơ bản'' is not defined in the plan. If no case was detected the value is ''no cases'', neither 0% nor 100%."}'), version = version + 1, updated_at = CURRENT_TIMESTAMP
WHERE definition <> replace(definition, '"editorial_note":"''được phát hiện được tiếp cận'': only detected cases are counted, so a falling denominator is not by itself good news; show counts beside the percentage to those entitled. ''dịch vụ hỗ trợ cơ bản'' is not defined in the plan. If no case was detected the value is ''no cases'', neither 0% nor 100%."', '');
UPDATE indicator_definitions SET definition = replace(definition, '"editorial_note":"''được phát hiện được tiếp cận'': only detected cases are counted, so a falling denominator is not by itself good news; show counts beside the percentage to those entitled. ''dịch vụ hỗ trợ cơ bản'' is not defined in the plan. If no case was detected the value is ''no cases'', neither 0% nor 100%."',
    '"editorial_note":{"vi":"“được phát hiện được tiếp cận”: chỉ tính các trường hợp được phát hiện, nên mẫu số giảm tự nó chưa phải là tin tốt; đối với người có thẩm quyền cần hiển thị số lượng bên cạnh tỷ lệ. “dịch vụ hỗ trợ cơ bản” không được định nghĩa trong kế hoạch. Nếu không phát hiện trường hợp nào thì giá trị là “không phát sinh”, không phải 0% và cũng không phải 100%.","en":"''được phát hiện được tiếp cận'': only detected cases are counted, so a falling denominator is not by itself good news; show counts beside the percentage to those entitled. ''dịch vụ hỗ trợ cơ bản'' is not defined in the plan. If no case was detected the value is ''no cases'', neither 0% nor 100%."}')
WHERE definition <> replace(definition, '"editorial_note":"''được phát hiện được tiếp cận'': only detected cases are counted, so a falling denominator is not by itself good news; show counts beside the percentage to those entitled. ''dịch vụ hỗ trợ cơ bản'' is not defined in the plan. If no case was detected the value is ''no cases'', neither 0% nor 100%."', '');
UPDATE indicators SET definition = replace(definition, '"editorial_note":"''ở mức chưa bị truy cứu trách nhiệm hình sự'' limits the denominator: people under prosecution are left out."',
    '"editorial_note":{"vi":"“ở mức chưa bị truy cứu trách nhiệm hình sự” giới hạn mẫu số: không tính những người đang bị truy cứu trách nhiệm hình sự.","en":"''ở mức chưa bị truy cứu trách nhiệm hình sự'' limits the denominator: people under prosecution are left out."}'), version = version + 1, updated_at = CURRENT_TIMESTAMP
WHERE definition <> replace(definition, '"editorial_note":"''ở mức chưa bị truy cứu trách nhiệm hình sự'' limits the denominator: people under prosecution are left out."', '');
UPDATE indicator_definitions SET definition = replace(definition, '"editorial_note":"''ở mức chưa bị truy cứu trách nhiệm hình sự'' limits the denominator: people under prosecution are left out."',
    '"editorial_note":{"vi":"“ở mức chưa bị truy cứu trách nhiệm hình sự” giới hạn mẫu số: không tính những người đang bị truy cứu trách nhiệm hình sự.","en":"''ở mức chưa bị truy cứu trách nhiệm hình sự'' limits the denominator: people under prosecution are left out."}')
WHERE definition <> replace(definition, '"editorial_note":"''ở mức chưa bị truy cứu trách nhiệm hình sự'' limits the denominator: people under prosecution are left out."', '');
UPDATE indicators SET definition = replace(definition, '"editorial_note":"''tái hoá nhập'' should read ''tái hoà nhập''; ''trở về phát hiện có nhu cầu'' lacks ''được'' (''được phát hiện có nhu cầu''). 100% is also the maximum, so at_least 100 and exactly 100 are the same test. ''No cases'' when the denominator is 0."',
    '"editorial_note":{"vi":"“tái hoá nhập” phải là “tái hoà nhập”; “trở về phát hiện có nhu cầu” thiếu chữ “được” (“được phát hiện có nhu cầu”). 100% cũng là mức tối đa, nên “ít nhất 100” và “đúng 100” là cùng một phép kiểm tra. Mẫu số bằng 0 thì là “không phát sinh”.","en":"''tái hoá nhập'' should read ''tái hoà nhập''; ''trở về phát hiện có nhu cầu'' lacks ''được'' (''được phát hiện có nhu cầu''). 100% is also the maximum, so at_least 100 and exactly 100 are the same test. ''No cases'' when the denominator is 0."}'), version = version + 1, updated_at = CURRENT_TIMESTAMP
WHERE definition <> replace(definition, '"editorial_note":"''tái hoá nhập'' should read ''tái hoà nhập''; ''trở về phát hiện có nhu cầu'' lacks ''được'' (''được phát hiện có nhu cầu''). 100% is also the maximum, so at_least 100 and exactly 100 are the same test. ''No cases'' when the denominator is 0."', '');
UPDATE indicator_definitions SET definition = replace(definition, '"editorial_note":"''tái hoá nhập'' should read ''tái hoà nhập''; ''trở về phát hiện có nhu cầu'' lacks ''được'' (''được phát hiện có nhu cầu''). 100% is also the maximum, so at_least 100 and exactly 100 are the same test. ''No cases'' when the denominator is 0."',
    '"editorial_note":{"vi":"“tái hoá nhập” phải là “tái hoà nhập”; “trở về phát hiện có nhu cầu” thiếu chữ “được” (“được phát hiện có nhu cầu”). 100% cũng là mức tối đa, nên “ít nhất 100” và “đúng 100” là cùng một phép kiểm tra. Mẫu số bằng 0 thì là “không phát sinh”.","en":"''tái hoá nhập'' should read ''tái hoà nhập''; ''trở về phát hiện có nhu cầu'' lacks ''được'' (''được phát hiện có nhu cầu''). 100% is also the maximum, so at_least 100 and exactly 100 are the same test. ''No cases'' when the denominator is 0."}')
WHERE definition <> replace(definition, '"editorial_note":"''tái hoá nhập'' should read ''tái hoà nhập''; ''trở về phát hiện có nhu cầu'' lacks ''được'' (''được phát hiện có nhu cầu''). 100% is also the maximum, so at_least 100 and exactly 100 are the same test. ''No cases'' when the denominator is 0."', '');
UPDATE indicators SET definition = replace(definition, '"editorial_note":"''ở mức 109'' literally means ''at the level of 109''. The aim is to curb imbalance, so 109 is evaluated as a ceiling (at_most); an optional floor near the natural level (about 104-106, general knowledge) would flag an opposite imbalance. One ward''s yearly births are few, so the ratio swings widely: keep the two counts."',
    '"editorial_note":{"vi":"“ở mức 109” theo nghĩa đen là đúng mức 109. Mục đích là hạn chế mất cân bằng nên 109 được đánh giá như mức trần (không quá); có thể đặt thêm mức sàn gần mức tự nhiên (khoảng 104-106, theo kiến thức chung) để cảnh báo mất cân bằng theo chiều ngược lại. Số sinh hằng năm của một phường ít nên tỷ số dao động mạnh: cần giữ cả hai số đếm.","en":"''ở mức 109'' literally means ''at the level of 109''. The aim is to curb imbalance, so 109 is evaluated as a ceiling (at_most); an optional floor near the natural level (about 104-106, general knowledge) would flag an opposite imbalance. One ward''s yearly births are few, so the ratio swings widely: keep the two counts."}'), version = version + 1, updated_at = CURRENT_TIMESTAMP
WHERE definition <> replace(definition, '"editorial_note":"''ở mức 109'' literally means ''at the level of 109''. The aim is to curb imbalance, so 109 is evaluated as a ceiling (at_most); an optional floor near the natural level (about 104-106, general knowledge) would flag an opposite imbalance. One ward''s yearly births are few, so the ratio swings widely: keep the two counts."', '');
UPDATE indicator_definitions SET definition = replace(definition, '"editorial_note":"''ở mức 109'' literally means ''at the level of 109''. The aim is to curb imbalance, so 109 is evaluated as a ceiling (at_most); an optional floor near the natural level (about 104-106, general knowledge) would flag an opposite imbalance. One ward''s yearly births are few, so the ratio swings widely: keep the two counts."',
    '"editorial_note":{"vi":"“ở mức 109” theo nghĩa đen là đúng mức 109. Mục đích là hạn chế mất cân bằng nên 109 được đánh giá như mức trần (không quá); có thể đặt thêm mức sàn gần mức tự nhiên (khoảng 104-106, theo kiến thức chung) để cảnh báo mất cân bằng theo chiều ngược lại. Số sinh hằng năm của một phường ít nên tỷ số dao động mạnh: cần giữ cả hai số đếm.","en":"''ở mức 109'' literally means ''at the level of 109''. The aim is to curb imbalance, so 109 is evaluated as a ceiling (at_most); an optional floor near the natural level (about 104-106, general knowledge) would flag an opposite imbalance. One ward''s yearly births are few, so the ratio swings widely: keep the two counts."}')
WHERE definition <> replace(definition, '"editorial_note":"''ở mức 109'' literally means ''at the level of 109''. The aim is to curb imbalance, so 109 is evaluated as a ceiling (at_most); an optional floor near the natural level (about 104-106, general knowledge) would flag an opposite imbalance. One ward''s yearly births are few, so the ratio swings widely: keep the two counts."', '');
UPDATE indicators SET definition = replace(definition, '"editorial_note":"The plan says ''tỷ lệ''; the statistical name is ''tỷ số tử vong mẹ''. With a few hundred births a year one death gives a value in the hundreds: the rate means little at ward level; record deaths and births and let the province compute the rate, or show a multi-year value."',
    '"editorial_note":{"vi":"Kế hoạch ghi “tỷ lệ”; tên thống kê là “tỷ số tử vong mẹ”. Với vài trăm ca sinh mỗi năm, một ca tử vong đã cho giá trị hàng trăm: tỷ số này ít có ý nghĩa ở cấp phường; cần ghi số ca tử vong và số trẻ sinh sống để tỉnh tính tỷ số, hoặc hiển thị giá trị gộp nhiều năm.","en":"The plan says ''tỷ lệ''; the statistical name is ''tỷ số tử vong mẹ''. With a few hundred births a year one death gives a value in the hundreds: the rate means little at ward level; record deaths and births and let the province compute the rate, or show a multi-year value."}'), version = version + 1, updated_at = CURRENT_TIMESTAMP
WHERE definition <> replace(definition, '"editorial_note":"The plan says ''tỷ lệ''; the statistical name is ''tỷ số tử vong mẹ''. With a few hundred births a year one death gives a value in the hundreds: the rate means little at ward level; record deaths and births and let the province compute the rate, or show a multi-year value."', '');
UPDATE indicator_definitions SET definition = replace(definition, '"editorial_note":"The plan says ''tỷ lệ''; the statistical name is ''tỷ số tử vong mẹ''. With a few hundred births a year one death gives a value in the hundreds: the rate means little at ward level; record deaths and births and let the province compute the rate, or show a multi-year value."',
    '"editorial_note":{"vi":"Kế hoạch ghi “tỷ lệ”; tên thống kê là “tỷ số tử vong mẹ”. Với vài trăm ca sinh mỗi năm, một ca tử vong đã cho giá trị hàng trăm: tỷ số này ít có ý nghĩa ở cấp phường; cần ghi số ca tử vong và số trẻ sinh sống để tỉnh tính tỷ số, hoặc hiển thị giá trị gộp nhiều năm.","en":"The plan says ''tỷ lệ''; the statistical name is ''tỷ số tử vong mẹ''. With a few hundred births a year one death gives a value in the hundreds: the rate means little at ward level; record deaths and births and let the province compute the rate, or show a multi-year value."}')
WHERE definition <> replace(definition, '"editorial_note":"The plan says ''tỷ lệ''; the statistical name is ''tỷ số tử vong mẹ''. With a few hundred births a year one death gives a value in the hundreds: the rate means little at ward level; record deaths and births and let the province compute the rate, or show a multi-year value."', '');
UPDATE indicators SET definition = replace(definition, '"editorial_note":"Age group not stated (10-19 or 15-19): make it an attribute of the definition. Baseline year not stated. ''1.000 phụ nữ'' must mean women of the adolescent age group. 55 and 50 are far above the national targets (23 to 18, from general knowledge): check against the provincial plan before publishing. Vietnamese thousands separator is a dot (''1.000'')."',
    '"editorial_note":{"vi":"Không nêu nhóm tuổi (10-19 hay 15-19): cần đưa thành một thuộc tính của định nghĩa. Không nêu năm của số gốc. “1.000 phụ nữ” phải hiểu là phụ nữ ở tuổi vị thành niên. Mức 55 và 50 cao hơn nhiều so với mục tiêu quốc gia (23 xuống 18, theo kiến thức chung): cần đối chiếu với kế hoạch của tỉnh trước khi công bố. Dấu phân cách hàng nghìn trong tiếng Việt là dấu chấm (“1.000”).","en":"Age group not stated (10-19 or 15-19): make it an attribute of the definition. Baseline year not stated. ''1.000 phụ nữ'' must mean women of the adolescent age group. 55 and 50 are far above the national targets (23 to 18, from general knowledge): check against the provincial plan before publishing. Vietnamese thousands separator is a dot (''1.000'')."}'), version = version + 1, updated_at = CURRENT_TIMESTAMP
WHERE definition <> replace(definition, '"editorial_note":"Age group not stated (10-19 or 15-19): make it an attribute of the definition. Baseline year not stated. ''1.000 phụ nữ'' must mean women of the adolescent age group. 55 and 50 are far above the national targets (23 to 18, from general knowledge): check against the provincial plan before publishing. Vietnamese thousands separator is a dot (''1.000'')."', '');
UPDATE indicator_definitions SET definition = replace(definition, '"editorial_note":"Age group not stated (10-19 or 15-19): make it an attribute of the definition. Baseline year not stated. ''1.000 phụ nữ'' must mean women of the adolescent age group. 55 and 50 are far above the national targets (23 to 18, from general knowledge): check against the provincial plan before publishing. Vietnamese thousands separator is a dot (''1.000'')."',
    '"editorial_note":{"vi":"Không nêu nhóm tuổi (10-19 hay 15-19): cần đưa thành một thuộc tính của định nghĩa. Không nêu năm của số gốc. “1.000 phụ nữ” phải hiểu là phụ nữ ở tuổi vị thành niên. Mức 55 và 50 cao hơn nhiều so với mục tiêu quốc gia (23 xuống 18, theo kiến thức chung): cần đối chiếu với kế hoạch của tỉnh trước khi công bố. Dấu phân cách hàng nghìn trong tiếng Việt là dấu chấm (“1.000”).","en":"Age group not stated (10-19 or 15-19): make it an attribute of the definition. Baseline year not stated. ''1.000 phụ nữ'' must mean women of the adolescent age group. 55 and 50 are far above the national targets (23 to 18, from general knowledge): check against the provincial plan before publishing. Vietnamese thousands separator is a dot (''1.000'')."}')
WHERE definition <> replace(definition, '"editorial_note":"Age group not stated (10-19 or 15-19): make it an attribute of the definition. Baseline year not stated. ''1.000 phụ nữ'' must mean women of the adolescent age group. 55 and 50 are far above the national targets (23 to 18, from general knowledge): check against the provincial plan before publishing. Vietnamese thousands separator is a dot (''1.000'')."', '');
UPDATE indicators SET definition = replace(definition, '"editorial_note":"No year and no quantity in the plan. Tracked as yes/no with evidence; the share of schools is a suggested auxiliary figure, not a target. What a ward can influence is its own schools, not the national curriculum."',
    '"editorial_note":{"vi":"Kế hoạch không nêu năm và số lượng. Theo dõi bằng có/không kèm minh chứng; tỷ lệ trường là số liệu bổ trợ được gợi ý, không phải mức phấn đấu. Phường chỉ có thể tác động đến các trường của mình, không phải chương trình giáo dục quốc gia.","en":"No year and no quantity in the plan. Tracked as yes/no with evidence; the share of schools is a suggested auxiliary figure, not a target. What a ward can influence is its own schools, not the national curriculum."}'), version = version + 1, updated_at = CURRENT_TIMESTAMP
WHERE definition <> replace(definition, '"editorial_note":"No year and no quantity in the plan. Tracked as yes/no with evidence; the share of schools is a suggested auxiliary figure, not a target. What a ward can influence is its own schools, not the national curriculum."', '');
UPDATE indicator_definitions SET definition = replace(definition, '"editorial_note":"No year and no quantity in the plan. Tracked as yes/no with evidence; the share of schools is a suggested auxiliary figure, not a target. What a ward can influence is its own schools, not the national curriculum."',
    '"editorial_note":{"vi":"Kế hoạch không nêu năm và số lượng. Theo dõi bằng có/không kèm minh chứng; tỷ lệ trường là số liệu bổ trợ được gợi ý, không phải mức phấn đấu. Phường chỉ có thể tác động đến các trường của mình, không phải chương trình giáo dục quốc gia.","en":"No year and no quantity in the plan. Tracked as yes/no with evidence; the share of schools is a suggested auxiliary figure, not a target. What a ward can influence is its own schools, not the national curriculum."}')
WHERE definition <> replace(definition, '"editorial_note":"No year and no quantity in the plan. Tracked as yes/no with evidence; the share of schools is a suggested auxiliary figure, not a target. What a ward can influence is its own schools, not the national curriculum."', '');
UPDATE indicators SET definition = replace(definition, '"editorial_note":"The national target is about ethnic-minority children; the plan drops that limit. Boys and girls must each be reported. The cohort formula can exceed 100% with in-migration (valid_max is null on purpose)."',
    '"editorial_note":{"vi":"Mục tiêu quốc gia nói về trẻ em người dân tộc thiểu số; kế hoạch bỏ giới hạn đó. Phải báo cáo riêng trẻ em trai và trẻ em gái. Công thức theo khoá học có thể vượt 100% khi có học sinh chuyển đến (chủ ý để trống giá trị tối đa).","en":"The national target is about ethnic-minority children; the plan drops that limit. Boys and girls must each be reported. The cohort formula can exceed 100% with in-migration (valid_max is null on purpose)."}'), version = version + 1, updated_at = CURRENT_TIMESTAMP
WHERE definition <> replace(definition, '"editorial_note":"The national target is about ethnic-minority children; the plan drops that limit. Boys and girls must each be reported. The cohort formula can exceed 100% with in-migration (valid_max is null on purpose)."', '');
UPDATE indicator_definitions SET definition = replace(definition, '"editorial_note":"The national target is about ethnic-minority children; the plan drops that limit. Boys and girls must each be reported. The cohort formula can exceed 100% with in-migration (valid_max is null on purpose)."',
    '"editorial_note":{"vi":"Mục tiêu quốc gia nói về trẻ em người dân tộc thiểu số; kế hoạch bỏ giới hạn đó. Phải báo cáo riêng trẻ em trai và trẻ em gái. Công thức theo khoá học có thể vượt 100% khi có học sinh chuyển đến (chủ ý để trống giá trị tối đa).","en":"The national target is about ethnic-minority children; the plan drops that limit. Boys and girls must each be reported. The cohort formula can exceed 100% with in-migration (valid_max is null on purpose)."}')
WHERE definition <> replace(definition, '"editorial_note":"The national target is about ethnic-minority children; the plan drops that limit. Boys and girls must each be reported. The cohort formula can exceed 100% with in-migration (valid_max is null on purpose)."', '');
UPDATE indicators SET definition = replace(definition, '"editorial_note":"''khoảng 100%'' (about 100%) has no stated tolerance: the ward must decide what counts as met (tolerance is null)."',
    '"editorial_note":{"vi":"“khoảng 100%” không nêu dung sai: phường phải quyết định thế nào là đạt (dung sai để trống).","en":"''khoảng 100%'' (about 100%) has no stated tolerance: the ward must decide what counts as met (tolerance is null)."}'), version = version + 1, updated_at = CURRENT_TIMESTAMP
WHERE definition <> replace(definition, '"editorial_note":"''khoảng 100%'' (about 100%) has no stated tolerance: the ward must decide what counts as met (tolerance is null)."', '');
UPDATE indicator_definitions SET definition = replace(definition, '"editorial_note":"''khoảng 100%'' (about 100%) has no stated tolerance: the ward must decide what counts as met (tolerance is null)."',
    '"editorial_note":{"vi":"“khoảng 100%” không nêu dung sai: phường phải quyết định thế nào là đạt (dung sai để trống).","en":"''khoảng 100%'' (about 100%) has no stated tolerance: the ward must decide what counts as met (tolerance is null)."}')
WHERE definition <> replace(definition, '"editorial_note":"''khoảng 100%'' (about 100%) has no stated tolerance: the ward must decide what counts as met (tolerance is null)."', '');
UPDATE indicators SET definition = replace(definition, '"editorial_note":"The plan omits ''nữ''. Without it the sentence would say that half of newly admitted learners are in vocational education; the national indicator is the female share, which is the reading used. Confirm with the ward. The population is not stated either (learners resident in the ward, or enrolled in schools located there)."',
    '"editorial_note":{"vi":"Kế hoạch bỏ sót chữ “nữ”. Thiếu chữ này thì câu có nghĩa là một nửa số người được tuyển mới học nghề; chỉ tiêu quốc gia là tỷ lệ nữ, và đó là cách hiểu được dùng. Cần xác nhận với phường. Kế hoạch cũng không nêu phạm vi tính (người học cư trú tại phường, hay người học ở các cơ sở trên địa bàn phường).","en":"The plan omits ''nữ''. Without it the sentence would say that half of newly admitted learners are in vocational education; the national indicator is the female share, which is the reading used. Confirm with the ward. The population is not stated either (learners resident in the ward, or enrolled in schools located there)."}'), version = version + 1, updated_at = CURRENT_TIMESTAMP
WHERE definition <> replace(definition, '"editorial_note":"The plan omits ''nữ''. Without it the sentence would say that half of newly admitted learners are in vocational education; the national indicator is the female share, which is the reading used. Confirm with the ward. The population is not stated either (learners resident in the ward, or enrolled in schools located there)."', '');
UPDATE indicator_definitions SET definition = replace(definition, '"editorial_note":"The plan omits ''nữ''. Without it the sentence would say that half of newly admitted learners are in vocational education; the national indicator is the female share, which is the reading used. Confirm with the ward. The population is not stated either (learners resident in the ward, or enrolled in schools located there)."',
    '"editorial_note":{"vi":"Kế hoạch bỏ sót chữ “nữ”. Thiếu chữ này thì câu có nghĩa là một nửa số người được tuyển mới học nghề; chỉ tiêu quốc gia là tỷ lệ nữ, và đó là cách hiểu được dùng. Cần xác nhận với phường. Kế hoạch cũng không nêu phạm vi tính (người học cư trú tại phường, hay người học ở các cơ sở trên địa bàn phường).","en":"The plan omits ''nữ''. Without it the sentence would say that half of newly admitted learners are in vocational education; the national indicator is the female share, which is the reading used. Confirm with the ward. The population is not stated either (learners resident in the ward, or enrolled in schools located there)."}')
WHERE definition <> replace(definition, '"editorial_note":"The plan omits ''nữ''. Without it the sentence would say that half of newly admitted learners are in vocational education; the national indicator is the female share, which is the reading used. Confirm with the ward. The population is not stated either (learners resident in the ward, or enrolled in schools located there)."', '');
UPDATE indicators SET definition = replace(definition, '"editorial_note":"Two slips in one sentence: ''nữ'' is missing (the second sentence has it), and ''vào năm 2025 trở đi'' mixes ''vào năm'' with ''từ năm … trở đi'' and starts before the plan period. Read as: women, every year; in practice 2026-2030. The population (residents of the ward, or staff of its agencies) is not stated."',
    '"editorial_note":{"vi":"Một câu có hai chỗ sơ suất: thiếu chữ “nữ” (câu thứ hai có), và “vào năm 2025 trở đi” trộn lẫn “vào năm” với “từ năm … trở đi”, lại bắt đầu trước kỳ kế hoạch. Hiểu là: nữ, hằng năm; thực tế là 2026-2030. Không nêu phạm vi tính (người cư trú tại phường, hay cán bộ, công chức các cơ quan của phường).","en":"Two slips in one sentence: ''nữ'' is missing (the second sentence has it), and ''vào năm 2025 trở đi'' mixes ''vào năm'' with ''từ năm … trở đi'' and starts before the plan period. Read as: women, every year; in practice 2026-2030. The population (residents of the ward, or staff of its agencies) is not stated."}'), version = version + 1, updated_at = CURRENT_TIMESTAMP
WHERE definition <> replace(definition, '"editorial_note":"Two slips in one sentence: ''nữ'' is missing (the second sentence has it), and ''vào năm 2025 trở đi'' mixes ''vào năm'' with ''từ năm … trở đi'' and starts before the plan period. Read as: women, every year; in practice 2026-2030. The population (residents of the ward, or staff of its agencies) is not stated."', '');
UPDATE indicator_definitions SET definition = replace(definition, '"editorial_note":"Two slips in one sentence: ''nữ'' is missing (the second sentence has it), and ''vào năm 2025 trở đi'' mixes ''vào năm'' with ''từ năm … trở đi'' and starts before the plan period. Read as: women, every year; in practice 2026-2030. The population (residents of the ward, or staff of its agencies) is not stated."',
    '"editorial_note":{"vi":"Một câu có hai chỗ sơ suất: thiếu chữ “nữ” (câu thứ hai có), và “vào năm 2025 trở đi” trộn lẫn “vào năm” với “từ năm … trở đi”, lại bắt đầu trước kỳ kế hoạch. Hiểu là: nữ, hằng năm; thực tế là 2026-2030. Không nêu phạm vi tính (người cư trú tại phường, hay cán bộ, công chức các cơ quan của phường).","en":"Two slips in one sentence: ''nữ'' is missing (the second sentence has it), and ''vào năm 2025 trở đi'' mixes ''vào năm'' with ''từ năm … trở đi'' and starts before the plan period. Read as: women, every year; in practice 2026-2030. The population (residents of the ward, or staff of its agencies) is not stated."}')
WHERE definition <> replace(definition, '"editorial_note":"Two slips in one sentence: ''nữ'' is missing (the second sentence has it), and ''vào năm 2025 trở đi'' mixes ''vào năm'' with ''từ năm … trở đi'' and starts before the plan period. Read as: women, every year; in practice 2026-2030. The population (residents of the ward, or staff of its agencies) is not stated."', '');
UPDATE indicators SET definition = replace(definition, '"editorial_note":"''đạt từ 20%'' = 20% or more. In a ward the denominator may be zero or one."',
    '"editorial_note":{"vi":"“đạt từ 20%” nghĩa là 20% trở lên. Ở một phường, mẫu số có thể bằng không hoặc bằng một.","en":"''đạt từ 20%'' = 20% or more. In a ward the denominator may be zero or one."}'), version = version + 1, updated_at = CURRENT_TIMESTAMP
WHERE definition <> replace(definition, '"editorial_note":"''đạt từ 20%'' = 20% or more. In a ward the denominator may be zero or one."', '');
UPDATE indicator_definitions SET definition = replace(definition, '"editorial_note":"''đạt từ 20%'' = 20% or more. In a ward the denominator may be zero or one."',
    '"editorial_note":{"vi":"“đạt từ 20%” nghĩa là 20% trở lên. Ở một phường, mẫu số có thể bằng không hoặc bằng một.","en":"''đạt từ 20%'' = 20% or more. In a ward the denominator may be zero or one."}')
WHERE definition <> replace(definition, '"editorial_note":"''đạt từ 20%'' = 20% or more. In a ward the denominator may be zero or one."', '');
UPDATE indicators SET definition = replace(definition, '"editorial_note":"Word order ''Phấn đấu 80% vào năm 2030 người dân'' kept. The national text says ''dân số'' (population)."',
    '"editorial_note":{"vi":"Giữ nguyên trật tự từ “Phấn đấu 80% vào năm 2030 người dân”. Văn bản quốc gia ghi “dân số”.","en":"Word order ''Phấn đấu 80% vào năm 2030 người dân'' kept. The national text says ''dân số'' (population)."}'), version = version + 1, updated_at = CURRENT_TIMESTAMP
WHERE definition <> replace(definition, '"editorial_note":"Word order ''Phấn đấu 80% vào năm 2030 người dân'' kept. The national text says ''dân số'' (population)."', '');
UPDATE indicator_definitions SET definition = replace(definition, '"editorial_note":"Word order ''Phấn đấu 80% vào năm 2030 người dân'' kept. The national text says ''dân số'' (population)."',
    '"editorial_note":{"vi":"Giữ nguyên trật tự từ “Phấn đấu 80% vào năm 2030 người dân”. Văn bản quốc gia ghi “dân số”.","en":"Word order ''Phấn đấu 80% vào năm 2030 người dân'' kept. The national text says ''dân số'' (population)."}')
WHERE definition <> replace(definition, '"editorial_note":"Word order ''Phấn đấu 80% vào năm 2030 người dân'' kept. The national text says ''dân số'' (population)."', '');
UPDATE indicators SET definition = replace(definition, '"editorial_note":"One target with two conditions joined by \"và\" (informed AND committed): an organisation counts only when both hold; keep the two counts separately. Not split because there is one percentage."',
    '"editorial_note":{"vi":"Một mức phấn đấu có hai điều kiện nối bằng chữ “và” (được phổ biến, cập nhật thông tin VÀ cam kết): một tổ chức chỉ được tính khi đủ cả hai; cần giữ riêng hai số đếm. Không tách vì chỉ có một tỷ lệ phần trăm.","en":"One target with two conditions joined by \"và\" (informed AND committed): an organisation counts only when both hold; keep the two counts separately. Not split because there is one percentage."}'), version = version + 1, updated_at = CURRENT_TIMESTAMP
WHERE definition <> replace(definition, '"editorial_note":"One target with two conditions joined by \"và\" (informed AND committed): an organisation counts only when both hold; keep the two counts separately. Not split because there is one percentage."', '');
UPDATE indicator_definitions SET definition = replace(definition, '"editorial_note":"One target with two conditions joined by \"và\" (informed AND committed): an organisation counts only when both hold; keep the two counts separately. Not split because there is one percentage."',
    '"editorial_note":{"vi":"Một mức phấn đấu có hai điều kiện nối bằng chữ “và” (được phổ biến, cập nhật thông tin VÀ cam kết): một tổ chức chỉ được tính khi đủ cả hai; cần giữ riêng hai số đếm. Không tách vì chỉ có một tỷ lệ phần trăm.","en":"One target with two conditions joined by \"và\" (informed AND committed): an organisation counts only when both hold; keep the two counts separately. Not split because there is one percentage."}')
WHERE definition <> replace(definition, '"editorial_note":"One target with two conditions joined by \"và\" (informed AND committed): an organisation counts only when both hold; keep the two counts separately. Not split because there is one percentage."', '');
UPDATE indicators SET definition = replace(definition, '"editorial_note":"''phấn đấu 100% mỗi quý'' lacks its subject: the national text says 100% of communes, wards and townships. For one ward, 100% can only mean every quarter, so the annual value is the share of quarters with 4 items or more (second, derived target). ''04'' stored as 4."',
    '"editorial_note":{"vi":"“phấn đấu 100% mỗi quý” thiếu chủ thể: văn bản quốc gia ghi 100% xã, phường, thị trấn. Với một phường, 100% chỉ có thể là mọi quý, nên giá trị năm là tỷ lệ số quý có từ 4 tin, bài trở lên (mức phấn đấu thứ hai, được suy ra). “04” được lưu là 4.","en":"''phấn đấu 100% mỗi quý'' lacks its subject: the national text says 100% of communes, wards and townships. For one ward, 100% can only mean every quarter, so the annual value is the share of quarters with 4 items or more (second, derived target). ''04'' stored as 4."}'), version = version + 1, updated_at = CURRENT_TIMESTAMP
WHERE definition <> replace(definition, '"editorial_note":"''phấn đấu 100% mỗi quý'' lacks its subject: the national text says 100% of communes, wards and townships. For one ward, 100% can only mean every quarter, so the annual value is the share of quarters with 4 items or more (second, derived target). ''04'' stored as 4."', '');
UPDATE indicator_definitions SET definition = replace(definition, '"editorial_note":"''phấn đấu 100% mỗi quý'' lacks its subject: the national text says 100% of communes, wards and townships. For one ward, 100% can only mean every quarter, so the annual value is the share of quarters with 4 items or more (second, derived target). ''04'' stored as 4."',
    '"editorial_note":{"vi":"“phấn đấu 100% mỗi quý” thiếu chủ thể: văn bản quốc gia ghi 100% xã, phường, thị trấn. Với một phường, 100% chỉ có thể là mọi quý, nên giá trị năm là tỷ lệ số quý có từ 4 tin, bài trở lên (mức phấn đấu thứ hai, được suy ra). “04” được lưu là 4.","en":"''phấn đấu 100% mỗi quý'' lacks its subject: the national text says 100% of communes, wards and townships. For one ward, 100% can only mean every quarter, so the annual value is the share of quarters with 4 items or more (second, derived target). ''04'' stored as 4."}')
WHERE definition <> replace(definition, '"editorial_note":"''phấn đấu 100% mỗi quý'' lacks its subject: the national text says 100% of communes, wards and townships. For one ward, 100% can only mean every quarter, so the annual value is the share of quarters with 4 items or more (second, derived target). ''04'' stored as 4."', '');
UPDATE indicators SET definition = replace(definition, '"editorial_note":"No number and no start year in the plan; ''at least one a month from 2026'' is our assumption. ''Hàng tháng'' as written."',
    '"editorial_note":{"vi":"Kế hoạch không nêu số lượng và năm bắt đầu; “mỗi tháng ít nhất một, từ năm 2026” là giả định của người chép. “Hàng tháng” giữ như kế hoạch viết.","en":"No number and no start year in the plan; ''at least one a month from 2026'' is our assumption. ''Hàng tháng'' as written."}'), version = version + 1, updated_at = CURRENT_TIMESTAMP
WHERE definition <> replace(definition, '"editorial_note":"No number and no start year in the plan; ''at least one a month from 2026'' is our assumption. ''Hàng tháng'' as written."', '');
UPDATE indicator_definitions SET definition = replace(definition, '"editorial_note":"No number and no start year in the plan; ''at least one a month from 2026'' is our assumption. ''Hàng tháng'' as written."',
    '"editorial_note":{"vi":"Kế hoạch không nêu số lượng và năm bắt đầu; “mỗi tháng ít nhất một, từ năm 2026” là giả định của người chép. “Hàng tháng” giữ như kế hoạch viết.","en":"No number and no start year in the plan; ''at least one a month from 2026'' is our assumption. ''Hàng tháng'' as written."}')
WHERE definition <> replace(definition, '"editorial_note":"No number and no start year in the plan; ''at least one a month from 2026'' is our assumption. ''Hàng tháng'' as written."', '');
UPDATE indicators SET definition = replace(definition, '"note":"Counts of violence victims in one ward are small; with other fields they can point to a person. No names or case records in this system; suppress small cells in anything public."',
    '"note":{"vi":"Số người bị bạo lực ở một phường rất ít; cùng với các thông tin khác có thể chỉ ra một người cụ thể. Hệ thống này không lưu họ tên và hồ sơ vụ việc; phải che các ô số nhỏ trong mọi thông tin công khai.","en":"Counts of violence victims in one ward are small; with other fields they can point to a person. No names or case records in this system; suppress small cells in anything public."}'), version = version + 1, updated_at = CURRENT_TIMESTAMP
WHERE definition <> replace(definition, '"note":"Counts of violence victims in one ward are small; with other fields they can point to a person. No names or case records in this system; suppress small cells in anything public."', '');
UPDATE indicator_definitions SET definition = replace(definition, '"note":"Counts of violence victims in one ward are small; with other fields they can point to a person. No names or case records in this system; suppress small cells in anything public."',
    '"note":{"vi":"Số người bị bạo lực ở một phường rất ít; cùng với các thông tin khác có thể chỉ ra một người cụ thể. Hệ thống này không lưu họ tên và hồ sơ vụ việc; phải che các ô số nhỏ trong mọi thông tin công khai.","en":"Counts of violence victims in one ward are small; with other fields they can point to a person. No names or case records in this system; suppress small cells in anything public."}')
WHERE definition <> replace(definition, '"note":"Counts of violence victims in one ward are small; with other fields they can point to a person. No names or case records in this system; suppress small cells in anything public."', '');
UPDATE indicators SET definition = replace(definition, '"note":"Alleged or established perpetrators; counts only, restricted, small cells suppressed in anything public."',
    '"note":{"vi":"Người bị cho là hoặc đã được xác định là gây bạo lực; chỉ lưu số đếm, hạn chế truy cập, che các ô số nhỏ trong mọi thông tin công khai.","en":"Alleged or established perpetrators; counts only, restricted, small cells suppressed in anything public."}'), version = version + 1, updated_at = CURRENT_TIMESTAMP
WHERE definition <> replace(definition, '"note":"Alleged or established perpetrators; counts only, restricted, small cells suppressed in anything public."', '');
UPDATE indicator_definitions SET definition = replace(definition, '"note":"Alleged or established perpetrators; counts only, restricted, small cells suppressed in anything public."',
    '"note":{"vi":"Người bị cho là hoặc đã được xác định là gây bạo lực; chỉ lưu số đếm, hạn chế truy cập, che các ô số nhỏ trong mọi thông tin công khai.","en":"Alleged or established perpetrators; counts only, restricted, small cells suppressed in anything public."}')
WHERE definition <> replace(definition, '"note":"Alleged or established perpetrators; counts only, restricted, small cells suppressed in anything public."', '');
UPDATE indicators SET definition = replace(definition, '"note":"Usually zero or one person a year in a ward: a published count of 1 identifies someone. Restricted; suppress."',
    '"note":{"vi":"Ở một phường mỗi năm thường không có hoặc chỉ có một người: công bố số 1 là chỉ ra một người cụ thể. Hạn chế truy cập; phải che.","en":"Usually zero or one person a year in a ward: a published count of 1 identifies someone. Restricted; suppress."}'), version = version + 1, updated_at = CURRENT_TIMESTAMP
WHERE definition <> replace(definition, '"note":"Usually zero or one person a year in a ward: a published count of 1 identifies someone. Restricted; suppress."', '');
UPDATE indicator_definitions SET definition = replace(definition, '"note":"Usually zero or one person a year in a ward: a published count of 1 identifies someone. Restricted; suppress."',
    '"note":{"vi":"Ở một phường mỗi năm thường không có hoặc chỉ có một người: công bố số 1 là chỉ ra một người cụ thể. Hạn chế truy cập; phải che.","en":"Usually zero or one person a year in a ward: a published count of 1 identifies someone. Restricted; suppress."}')
WHERE definition <> replace(definition, '"note":"Usually zero or one person a year in a ward: a published count of 1 identifies someone. Restricted; suppress."', '');
UPDATE indicators SET definition = replace(definition, '"note":"A single maternal death in a ward identifies the woman and her family: restricted; suppress."',
    '"note":{"vi":"Chỉ một ca tử vong mẹ ở phường cũng đủ để nhận ra người phụ nữ và gia đình: hạn chế truy cập; phải che.","en":"A single maternal death in a ward identifies the woman and her family: restricted; suppress."}'), version = version + 1, updated_at = CURRENT_TIMESTAMP
WHERE definition <> replace(definition, '"note":"A single maternal death in a ward identifies the woman and her family: restricted; suppress."', '');
UPDATE indicator_definitions SET definition = replace(definition, '"note":"A single maternal death in a ward identifies the woman and her family: restricted; suppress."',
    '"note":{"vi":"Chỉ một ca tử vong mẹ ở phường cũng đủ để nhận ra người phụ nữ và gia đình: hạn chế truy cập; phải che.","en":"A single maternal death in a ward identifies the woman and her family: restricted; suppress."}')
WHERE definition <> replace(definition, '"note":"A single maternal death in a ward identifies the woman and her family: restricted; suppress."', '');
UPDATE indicators SET definition = replace(definition, '"note":"Births to minors: few cases, and a birth to a girl under 16 can point to a crime. Restricted; suppress."',
    '"note":{"vi":"Ca sinh của người chưa thành niên: ít trường hợp, và việc sinh con của trẻ em gái dưới 16 tuổi có thể là dấu hiệu tội phạm. Hạn chế truy cập; phải che.","en":"Births to minors: few cases, and a birth to a girl under 16 can point to a crime. Restricted; suppress."}'), version = version + 1, updated_at = CURRENT_TIMESTAMP
WHERE definition <> replace(definition, '"note":"Births to minors: few cases, and a birth to a girl under 16 can point to a crime. Restricted; suppress."', '');
UPDATE indicator_definitions SET definition = replace(definition, '"note":"Births to minors: few cases, and a birth to a girl under 16 can point to a crime. Restricted; suppress."',
    '"note":{"vi":"Ca sinh của người chưa thành niên: ít trường hợp, và việc sinh con của trẻ em gái dưới 16 tuổi có thể là dấu hiệu tội phạm. Hạn chế truy cập; phải che.","en":"Births to minors: few cases, and a birth to a girl under 16 can point to a crime. Restricted; suppress."}')
WHERE definition <> replace(definition, '"note":"Births to minors: few cases, and a birth to a girl under 16 can point to a crime. Restricted; suppress."', '');
UPDATE indicators SET definition = replace(definition, '"note":"The plan gives no year for the baseline."',
    '"note":{"vi":"Kế hoạch không nêu năm của số gốc.","en":"The plan gives no year for the baseline."}'), version = version + 1, updated_at = CURRENT_TIMESTAMP
WHERE definition <> replace(definition, '"note":"The plan gives no year for the baseline."', '');
UPDATE indicator_definitions SET definition = replace(definition, '"note":"The plan gives no year for the baseline."',
    '"note":{"vi":"Kế hoạch không nêu năm của số gốc.","en":"The plan gives no year for the baseline."}')
WHERE definition <> replace(definition, '"note":"The plan gives no year for the baseline."', '');
UPDATE indicators SET definition = replace(definition, '"assumed":"every school year of the plan period, assessed finally in 2030"',
    '"assumed":{"vi":"Mọi năm học trong kỳ kế hoạch, đánh giá cuối cùng vào năm 2030","en":"every school year of the plan period, assessed finally in 2030"}'), version = version + 1, updated_at = CURRENT_TIMESTAMP
WHERE definition <> replace(definition, '"assumed":"every school year of the plan period, assessed finally in 2030"', '');
UPDATE indicator_definitions SET definition = replace(definition, '"assumed":"every school year of the plan period, assessed finally in 2030"',
    '"assumed":{"vi":"Mọi năm học trong kỳ kế hoạch, đánh giá cuối cùng vào năm 2030","en":"every school year of the plan period, assessed finally in 2030"}')
WHERE definition <> replace(definition, '"assumed":"every school year of the plan period, assessed finally in 2030"', '');
UPDATE indicators SET definition = replace(definition, '"national_comparison":{"value":"60% by 2025, 75% by 2030 (cơ quan quản lý nhà nước, chính quyền địa phương các cấp có lãnh đạo chủ chốt là nữ)",',
    '"national_comparison":{"value":{"vi":"60% vào năm 2025, 75% vào năm 2030 (cơ quan quản lý nhà nước, chính quyền địa phương các cấp có lãnh đạo chủ chốt là nữ)","en":"60% by 2025, 75% by 2030 (cơ quan quản lý nhà nước, chính quyền địa phương các cấp có lãnh đạo chủ chốt là nữ)"},'), version = version + 1, updated_at = CURRENT_TIMESTAMP
WHERE definition <> replace(definition, '"national_comparison":{"value":"60% by 2025, 75% by 2030 (cơ quan quản lý nhà nước, chính quyền địa phương các cấp có lãnh đạo chủ chốt là nữ)",', '');
UPDATE indicator_definitions SET definition = replace(definition, '"national_comparison":{"value":"60% by 2025, 75% by 2030 (cơ quan quản lý nhà nước, chính quyền địa phương các cấp có lãnh đạo chủ chốt là nữ)",',
    '"national_comparison":{"value":{"vi":"60% vào năm 2025, 75% vào năm 2030 (cơ quan quản lý nhà nước, chính quyền địa phương các cấp có lãnh đạo chủ chốt là nữ)","en":"60% by 2025, 75% by 2030 (cơ quan quản lý nhà nước, chính quyền địa phương các cấp có lãnh đạo chủ chốt là nữ)"},')
WHERE definition <> replace(definition, '"national_comparison":{"value":"60% by 2025, 75% by 2030 (cơ quan quản lý nhà nước, chính quyền địa phương các cấp có lãnh đạo chủ chốt là nữ)",', '');
UPDATE indicators SET definition = replace(definition, '"national_comparison":{"value":"50% by 2025, about 60% by 2030; reported 50.9% for 2023",',
    '"national_comparison":{"value":{"vi":"50% vào năm 2025, khoảng 60% vào năm 2030; năm 2023 báo cáo 50,9%","en":"50% by 2025, about 60% by 2030; reported 50.9% for 2023"},'), version = version + 1, updated_at = CURRENT_TIMESTAMP
WHERE definition <> replace(definition, '"national_comparison":{"value":"50% by 2025, about 60% by 2030; reported 50.9% for 2023",', '');
UPDATE indicator_definitions SET definition = replace(definition, '"national_comparison":{"value":"50% by 2025, about 60% by 2030; reported 50.9% for 2023",',
    '"national_comparison":{"value":{"vi":"50% vào năm 2025, khoảng 60% vào năm 2030; năm 2023 báo cáo 50,9%","en":"50% by 2025, about 60% by 2030; reported 50.9% for 2023"},')
WHERE definition <> replace(definition, '"national_comparison":{"value":"50% by 2025, about 60% by 2030; reported 50.9% for 2023",', '');
UPDATE indicators SET definition = replace(definition, '"national_comparison":{"value":"below 30% by 2025, below 25% by 2030",',
    '"national_comparison":{"value":{"vi":"Dưới 30% vào năm 2025, dưới 25% vào năm 2030","en":"below 30% by 2025, below 25% by 2030"},'), version = version + 1, updated_at = CURRENT_TIMESTAMP
WHERE definition <> replace(definition, '"national_comparison":{"value":"below 30% by 2025, below 25% by 2030",', '');
UPDATE indicator_definitions SET definition = replace(definition, '"national_comparison":{"value":"below 30% by 2025, below 25% by 2030",',
    '"national_comparison":{"value":{"vi":"Dưới 30% vào năm 2025, dưới 25% vào năm 2030","en":"below 30% by 2025, below 25% by 2030"},')
WHERE definition <> replace(definition, '"national_comparison":{"value":"below 30% by 2025, below 25% by 2030",', '');
UPDATE indicators SET definition = replace(definition, '"national_comparison":{"value":"Tỷ lệ nữ giám đốc/chủ doanh nghiệp, hợp tác xã at least 27% by 2025 and 30% by 2030",',
    '"national_comparison":{"value":{"vi":"Tỷ lệ nữ giám đốc/chủ doanh nghiệp, hợp tác xã đạt ít nhất 27% vào năm 2025 và 30% vào năm 2030","en":"Tỷ lệ nữ giám đốc/chủ doanh nghiệp, hợp tác xã at least 27% by 2025 and 30% by 2030"},'), version = version + 1, updated_at = CURRENT_TIMESTAMP
WHERE definition <> replace(definition, '"national_comparison":{"value":"Tỷ lệ nữ giám đốc/chủ doanh nghiệp, hợp tác xã at least 27% by 2025 and 30% by 2030",', '');
UPDATE indicator_definitions SET definition = replace(definition, '"national_comparison":{"value":"Tỷ lệ nữ giám đốc/chủ doanh nghiệp, hợp tác xã at least 27% by 2025 and 30% by 2030",',
    '"national_comparison":{"value":{"vi":"Tỷ lệ nữ giám đốc/chủ doanh nghiệp, hợp tác xã đạt ít nhất 27% vào năm 2025 và 30% vào năm 2030","en":"Tỷ lệ nữ giám đốc/chủ doanh nghiệp, hợp tác xã at least 27% by 2025 and 30% by 2030"},')
WHERE definition <> replace(definition, '"national_comparison":{"value":"Tỷ lệ nữ giám đốc/chủ doanh nghiệp, hợp tác xã at least 27% by 2025 and 30% by 2030",', '');
UPDATE indicators SET definition = replace(definition, '"national_comparison":{"value":"1.7 times by 2025, 1.4 times by 2030",',
    '"national_comparison":{"value":{"vi":"1,7 lần vào năm 2025, 1,4 lần vào năm 2030","en":"1.7 times by 2025, 1.4 times by 2030"},'), version = version + 1, updated_at = CURRENT_TIMESTAMP
WHERE definition <> replace(definition, '"national_comparison":{"value":"1.7 times by 2025, 1.4 times by 2030",', '');
UPDATE indicator_definitions SET definition = replace(definition, '"national_comparison":{"value":"1.7 times by 2025, 1.4 times by 2030",',
    '"national_comparison":{"value":{"vi":"1,7 lần vào năm 2025, 1,4 lần vào năm 2030","en":"1.7 times by 2025, 1.4 times by 2030"},')
WHERE definition <> replace(definition, '"national_comparison":{"value":"1.7 times by 2025, 1.4 times by 2030",', '');
UPDATE indicators SET definition = replace(definition, '"national_comparison":{"value":"80% by 2025, 90% by 2030",',
    '"national_comparison":{"value":{"vi":"80% vào năm 2025, 90% vào năm 2030","en":"80% by 2025, 90% by 2030"},'), version = version + 1, updated_at = CURRENT_TIMESTAMP
WHERE definition <> replace(definition, '"national_comparison":{"value":"80% by 2025, 90% by 2030",', '');
UPDATE indicator_definitions SET definition = replace(definition, '"national_comparison":{"value":"80% by 2025, 90% by 2030",',
    '"national_comparison":{"value":{"vi":"80% vào năm 2025, 90% vào năm 2030","en":"80% by 2025, 90% by 2030"},')
WHERE definition <> replace(definition, '"national_comparison":{"value":"80% by 2025, 90% by 2030",', '');
UPDATE indicators SET definition = replace(definition, '"national_comparison":{"value":"50% by 2025, 70% by 2030",',
    '"national_comparison":{"value":{"vi":"50% vào năm 2025, 70% vào năm 2030","en":"50% by 2025, 70% by 2030"},'), version = version + 1, updated_at = CURRENT_TIMESTAMP
WHERE definition <> replace(definition, '"national_comparison":{"value":"50% by 2025, 70% by 2030",', '');
UPDATE indicator_definitions SET definition = replace(definition, '"national_comparison":{"value":"50% by 2025, 70% by 2030",',
    '"national_comparison":{"value":{"vi":"50% vào năm 2025, 70% vào năm 2030","en":"50% by 2025, 70% by 2030"},')
WHERE definition <> replace(definition, '"national_comparison":{"value":"50% by 2025, 70% by 2030",', '');
UPDATE indicators SET definition = replace(definition, '"national_comparison":{"value":"100% from 2025 onwards",',
    '"national_comparison":{"value":{"vi":"100% từ năm 2025 trở đi","en":"100% from 2025 onwards"},'), version = version + 1, updated_at = CURRENT_TIMESTAMP
WHERE definition <> replace(definition, '"national_comparison":{"value":"100% from 2025 onwards",', '');
UPDATE indicator_definitions SET definition = replace(definition, '"national_comparison":{"value":"100% from 2025 onwards",',
    '"national_comparison":{"value":{"vi":"100% từ năm 2025 trở đi","en":"100% from 2025 onwards"},')
WHERE definition <> replace(definition, '"national_comparison":{"value":"100% from 2025 onwards",', '');
UPDATE indicators SET definition = replace(definition, '"national_comparison":{"value":"111/100 by 2025, 109/100 by 2030",',
    '"national_comparison":{"value":{"vi":"111/100 vào năm 2025, 109/100 vào năm 2030","en":"111/100 by 2025, 109/100 by 2030"},'), version = version + 1, updated_at = CURRENT_TIMESTAMP
WHERE definition <> replace(definition, '"national_comparison":{"value":"111/100 by 2025, 109/100 by 2030",', '');
UPDATE indicator_definitions SET definition = replace(definition, '"national_comparison":{"value":"111/100 by 2025, 109/100 by 2030",',
    '"national_comparison":{"value":{"vi":"111/100 vào năm 2025, 109/100 vào năm 2030","en":"111/100 by 2025, 109/100 by 2030"},')
WHERE definition <> replace(definition, '"national_comparison":{"value":"111/100 by 2025, 109/100 by 2030",', '');
UPDATE indicators SET definition = replace(definition, '"national_comparison":{"value":"42 by 2025, below 42 by 2030",',
    '"national_comparison":{"value":{"vi":"42 vào năm 2025, dưới 42 vào năm 2030","en":"42 by 2025, below 42 by 2030"},'), version = version + 1, updated_at = CURRENT_TIMESTAMP
WHERE definition <> replace(definition, '"national_comparison":{"value":"42 by 2025, below 42 by 2030",', '');
UPDATE indicator_definitions SET definition = replace(definition, '"national_comparison":{"value":"42 by 2025, below 42 by 2030",',
    '"national_comparison":{"value":{"vi":"42 vào năm 2025, dưới 42 vào năm 2030","en":"42 by 2025, below 42 by 2030"},')
WHERE definition <> replace(definition, '"national_comparison":{"value":"42 by 2025, below 42 by 2030",', '');
UPDATE indicators SET definition = replace(definition, '"national_comparison":{"value":"23 down to 18 by 2025, below 18 by 2030",',
    '"national_comparison":{"value":{"vi":"Giảm từ 23 xuống 18 vào năm 2025, dưới 18 vào năm 2030","en":"23 down to 18 by 2025, below 18 by 2030"},'), version = version + 1, updated_at = CURRENT_TIMESTAMP
WHERE definition <> replace(definition, '"national_comparison":{"value":"23 down to 18 by 2025, below 18 by 2030",', '');
UPDATE indicator_definitions SET definition = replace(definition, '"national_comparison":{"value":"23 down to 18 by 2025, below 18 by 2030",',
    '"national_comparison":{"value":{"vi":"Giảm từ 23 xuống 18 vào năm 2025, dưới 18 vào năm 2030","en":"23 down to 18 by 2025, below 18 by 2030"},')
WHERE definition <> replace(definition, '"national_comparison":{"value":"23 down to 18 by 2025, below 18 by 2030",', '');
UPDATE indicators SET definition = replace(definition, '"national_comparison":{"value":"in the curriculum, and taught officially in teacher-training colleges from 2025 onwards",',
    '"national_comparison":{"value":{"vi":"Được đưa vào chương trình giảng dạy, và được giảng dạy chính thức ở các trường sư phạm từ năm 2025 trở đi","en":"in the curriculum, and taught officially in teacher-training colleges from 2025 onwards"},'), version = version + 1, updated_at = CURRENT_TIMESTAMP
WHERE definition <> replace(definition, '"national_comparison":{"value":"in the curriculum, and taught officially in teacher-training colleges from 2025 onwards",', '');
UPDATE indicator_definitions SET definition = replace(definition, '"national_comparison":{"value":"in the curriculum, and taught officially in teacher-training colleges from 2025 onwards",',
    '"national_comparison":{"value":{"vi":"Được đưa vào chương trình giảng dạy, và được giảng dạy chính thức ở các trường sư phạm từ năm 2025 trở đi","en":"in the curriculum, and taught officially in teacher-training colleges from 2025 onwards"},')
WHERE definition <> replace(definition, '"national_comparison":{"value":"in the curriculum, and taught officially in teacher-training colleges from 2025 onwards",', '');
UPDATE indicators SET definition = replace(definition, '"national_comparison":{"value":"ethnic-minority boys and girls: above 90% by 2025, about 99% by 2030",',
    '"national_comparison":{"value":{"vi":"Trẻ em trai và trẻ em gái người dân tộc thiểu số: trên 90% vào năm 2025, khoảng 99% vào năm 2030","en":"ethnic-minority boys and girls: above 90% by 2025, about 99% by 2030"},'), version = version + 1, updated_at = CURRENT_TIMESTAMP
WHERE definition <> replace(definition, '"national_comparison":{"value":"ethnic-minority boys and girls: above 90% by 2025, about 99% by 2030",', '');
UPDATE indicator_definitions SET definition = replace(definition, '"national_comparison":{"value":"ethnic-minority boys and girls: above 90% by 2025, about 99% by 2030",',
    '"national_comparison":{"value":{"vi":"Trẻ em trai và trẻ em gái người dân tộc thiểu số: trên 90% vào năm 2025, khoảng 99% vào năm 2030","en":"ethnic-minority boys and girls: above 90% by 2025, about 99% by 2030"},')
WHERE definition <> replace(definition, '"national_comparison":{"value":"ethnic-minority boys and girls: above 90% by 2025, about 99% by 2030",', '');
UPDATE indicators SET definition = replace(definition, '"national_comparison":{"value":"ethnic-minority pupils: 85% by 2025, 90% by 2030",',
    '"national_comparison":{"value":{"vi":"Học sinh người dân tộc thiểu số: 85% vào năm 2025, 90% vào năm 2030","en":"ethnic-minority pupils: 85% by 2025, 90% by 2030"},'), version = version + 1, updated_at = CURRENT_TIMESTAMP
WHERE definition <> replace(definition, '"national_comparison":{"value":"ethnic-minority pupils: 85% by 2025, 90% by 2030",', '');
UPDATE indicator_definitions SET definition = replace(definition, '"national_comparison":{"value":"ethnic-minority pupils: 85% by 2025, 90% by 2030",',
    '"national_comparison":{"value":{"vi":"Học sinh người dân tộc thiểu số: 85% vào năm 2025, 90% vào năm 2030","en":"ethnic-minority pupils: 85% by 2025, 90% by 2030"},')
WHERE definition <> replace(definition, '"national_comparison":{"value":"ethnic-minority pupils: 85% by 2025, 90% by 2030",', '');
UPDATE indicators SET definition = replace(definition, '"national_comparison":{"value":"nữ học viên, học sinh, sinh viên tuyển mới: above 30% by 2025, 40% by 2030",',
    '"national_comparison":{"value":{"vi":"Nữ học viên, học sinh, sinh viên tuyển mới: trên 30% vào năm 2025, 40% vào năm 2030","en":"nữ học viên, học sinh, sinh viên tuyển mới: above 30% by 2025, 40% by 2030"},'), version = version + 1, updated_at = CURRENT_TIMESTAMP
WHERE definition <> replace(definition, '"national_comparison":{"value":"nữ học viên, học sinh, sinh viên tuyển mới: above 30% by 2025, 40% by 2030",', '');
UPDATE indicator_definitions SET definition = replace(definition, '"national_comparison":{"value":"nữ học viên, học sinh, sinh viên tuyển mới: above 30% by 2025, 40% by 2030",',
    '"national_comparison":{"value":{"vi":"Nữ học viên, học sinh, sinh viên tuyển mới: trên 30% vào năm 2025, 40% vào năm 2030","en":"nữ học viên, học sinh, sinh viên tuyển mới: above 30% by 2025, 40% by 2030"},')
WHERE definition <> replace(definition, '"national_comparison":{"value":"nữ học viên, học sinh, sinh viên tuyển mới: above 30% by 2025, 40% by 2030",', '');
UPDATE indicators SET definition = replace(definition, '"national_comparison":{"value":"nữ thạc sĩ not below 50% from 2025 onwards",',
    '"national_comparison":{"value":{"vi":"Nữ thạc sĩ không dưới 50% từ năm 2025 trở đi","en":"nữ thạc sĩ not below 50% from 2025 onwards"},'), version = version + 1, updated_at = CURRENT_TIMESTAMP
WHERE definition <> replace(definition, '"national_comparison":{"value":"nữ thạc sĩ not below 50% from 2025 onwards",', '');
UPDATE indicator_definitions SET definition = replace(definition, '"national_comparison":{"value":"nữ thạc sĩ not below 50% from 2025 onwards",',
    '"national_comparison":{"value":{"vi":"Nữ thạc sĩ không dưới 50% từ năm 2025 trở đi","en":"nữ thạc sĩ not below 50% from 2025 onwards"},')
WHERE definition <> replace(definition, '"national_comparison":{"value":"nữ thạc sĩ not below 50% from 2025 onwards",', '');
UPDATE indicators SET definition = replace(definition, '"national_comparison":{"value":"nữ tiến sĩ 30% by 2025, 35% by 2030",',
    '"national_comparison":{"value":{"vi":"Nữ tiến sĩ đạt 30% vào năm 2025, 35% vào năm 2030","en":"nữ tiến sĩ 30% by 2025, 35% by 2030"},'), version = version + 1, updated_at = CURRENT_TIMESTAMP
WHERE definition <> replace(definition, '"national_comparison":{"value":"nữ tiến sĩ 30% by 2025, 35% by 2030",', '');
UPDATE indicator_definitions SET definition = replace(definition, '"national_comparison":{"value":"nữ tiến sĩ 30% by 2025, 35% by 2030",',
    '"national_comparison":{"value":{"vi":"Nữ tiến sĩ đạt 30% vào năm 2025, 35% vào năm 2030","en":"nữ tiến sĩ 30% by 2025, 35% by 2030"},')
WHERE definition <> replace(definition, '"national_comparison":{"value":"nữ tiến sĩ 30% by 2025, 35% by 2030",', '');
UPDATE indicators SET definition = replace(definition, '"national_comparison":{"value":"60% by 2025, 80% by 2030",',
    '"national_comparison":{"value":{"vi":"60% vào năm 2025, 80% vào năm 2030","en":"60% by 2025, 80% by 2030"},'), version = version + 1, updated_at = CURRENT_TIMESTAMP
WHERE definition <> replace(definition, '"national_comparison":{"value":"60% by 2025, 80% by 2030",', '');
UPDATE indicator_definitions SET definition = replace(definition, '"national_comparison":{"value":"60% by 2025, 80% by 2030",',
    '"national_comparison":{"value":{"vi":"60% vào năm 2025, 80% vào năm 2030","en":"60% by 2025, 80% by 2030"},')
WHERE definition <> replace(definition, '"national_comparison":{"value":"60% by 2025, 80% by 2030",', '');
UPDATE indicators SET definition = replace(definition, '"national_comparison":{"value":"100% of communes, wards and townships have at least 4 items per quarter, from 2025 onwards",',
    '"national_comparison":{"value":{"vi":"100% xã, phường, thị trấn mỗi quý có ít nhất 4 tin, bài, từ năm 2025 trở đi","en":"100% of communes, wards and townships have at least 4 items per quarter, from 2025 onwards"},'), version = version + 1, updated_at = CURRENT_TIMESTAMP
WHERE definition <> replace(definition, '"national_comparison":{"value":"100% of communes, wards and townships have at least 4 items per quarter, from 2025 onwards",', '');
UPDATE indicator_definitions SET definition = replace(definition, '"national_comparison":{"value":"100% of communes, wards and townships have at least 4 items per quarter, from 2025 onwards",',
    '"national_comparison":{"value":{"vi":"100% xã, phường, thị trấn mỗi quý có ít nhất 4 tin, bài, từ năm 2025 trở đi","en":"100% of communes, wards and townships have at least 4 items per quarter, from 2025 onwards"},')
WHERE definition <> replace(definition, '"national_comparison":{"value":"100% of communes, wards and townships have at least 4 items per quarter, from 2025 onwards",', '');
UPDATE indicators SET definition = replace(definition, '"national_comparison":{"value":"provincial and district broadcasters keep monthly gender-equality columns",',
    '"national_comparison":{"value":{"vi":"Đài phát thanh, truyền hình cấp tỉnh và cấp huyện duy trì chuyên mục hằng tháng về bình đẳng giới","en":"provincial and district broadcasters keep monthly gender-equality columns"},'), version = version + 1, updated_at = CURRENT_TIMESTAMP
WHERE definition <> replace(definition, '"national_comparison":{"value":"provincial and district broadcasters keep monthly gender-equality columns",', '');
UPDATE indicator_definitions SET definition = replace(definition, '"national_comparison":{"value":"provincial and district broadcasters keep monthly gender-equality columns",',
    '"national_comparison":{"value":{"vi":"Đài phát thanh, truyền hình cấp tỉnh và cấp huyện duy trì chuyên mục hằng tháng về bình đẳng giới","en":"provincial and district broadcasters keep monthly gender-equality columns"},')
WHERE definition <> replace(definition, '"national_comparison":{"value":"provincial and district broadcasters keep monthly gender-equality columns",', '');

-- plans
UPDATE plans SET content = replace(content, '"editorial_note":"The plan writes ''28/2021/NQ-CP''. The published number is ''28/NQ-CP'' (thuvienphapluat.vn, luatvietnam.vn); Government resolutions of this kind carry no year in their number. Both kept."',
    '"editorial_note":{"vi":"Kế hoạch ghi “28/2021/NQ-CP”. Số hiệu đã công bố là “28/NQ-CP” (thuvienphapluat.vn, luatvietnam.vn); nghị quyết loại này của Chính phủ không ghi năm trong số hiệu. Giữ cả hai cách ghi.","en":"The plan writes ''28/2021/NQ-CP''. The published number is ''28/NQ-CP'' (thuvienphapluat.vn, luatvietnam.vn); Government resolutions of this kind carry no year in their number. Both kept."}'), version = version + 1, updated_at = CURRENT_TIMESTAMP
WHERE content <> replace(content, '"editorial_note":"The plan writes ''28/2021/NQ-CP''. The published number is ''28/NQ-CP'' (thuvienphapluat.vn, luatvietnam.vn); Government resolutions of this kind carry no year in their number. Both kept."', '');
UPDATE plans SET content = replace(content, '"editorial_note":"The provincial plan itself was not found in the search corpus; its targets are therefore not compared here."',
    '"editorial_note":{"vi":"Chưa tìm thấy văn bản kế hoạch của tỉnh trong kho tư liệu tra cứu; do đó ở đây không đối chiếu với chỉ tiêu của tỉnh.","en":"The provincial plan itself was not found in the search corpus; its targets are therefore not compared here."}'), version = version + 1, updated_at = CURRENT_TIMESTAMP
WHERE content <> replace(content, '"editorial_note":"The provincial plan itself was not found in the search corpus; its targets are therefore not compared here."', '');
UPDATE plans SET content = replace(content, '"editorial_note":"''trước ngày 25/11'' literally excludes 25 November; offices often treat 25/11 as the last day: make it a setting. The plan names ''các ban, ngành, cơ quan, đơn vị'' without listing them; U2-U8 are those of section IV. U1 also has its own duties to report on. No data cut-off date is given (see Decree 09/2019/NĐ-CP, article 12). The first year follows from the plan period and legal basis LB2, not from an explicit sentence."',
    '"editorial_note":{"vi":"“trước ngày 25/11” theo nghĩa đen không bao gồm ngày 25/11; các cơ quan thường coi 25/11 là ngày cuối cùng: cần cho phép cấu hình. Kế hoạch nêu “các ban, ngành, cơ quan, đơn vị” mà không liệt kê; U2-U8 là các đơn vị của mục IV. U1 cũng có nhiệm vụ riêng phải báo cáo. Không nêu thời gian chốt số liệu (xem Điều 12 Nghị định 09/2019/NĐ-CP). Năm đầu tiên được suy ra từ kỳ kế hoạch và căn cứ LB2, không có câu nào nói rõ.","en":"''trước ngày 25/11'' literally excludes 25 November; offices often treat 25/11 as the last day: make it a setting. The plan names ''các ban, ngành, cơ quan, đơn vị'' without listing them; U2-U8 are those of section IV. U1 also has its own duties to report on. No data cut-off date is given (see Decree 09/2019/NĐ-CP, article 12). The first year follows from the plan period and legal basis LB2, not from an explicit sentence."}'), version = version + 1, updated_at = CURRENT_TIMESTAMP
WHERE content <> replace(content, '"editorial_note":"''trước ngày 25/11'' literally excludes 25 November; offices often treat 25/11 as the last day: make it a setting. The plan names ''các ban, ngành, cơ quan, đơn vị'' without listing them; U2-U8 are those of section IV. U1 also has its own duties to report on. No data cut-off date is given (see Decree 09/2019/NĐ-CP, article 12). The first year follows from the plan period and legal basis LB2, not from an explicit sentence."', '');
UPDATE plans SET content = replace(content, '"editorial_note":"Who may request is not stated; deadline and contents come with each request."',
    '"editorial_note":{"vi":"Không nêu ai được yêu cầu; thời hạn và nội dung theo từng lần yêu cầu.","en":"Who may request is not stated; deadline and contents come with each request."}'), version = version + 1, updated_at = CURRENT_TIMESTAMP
WHERE content <> replace(content, '"editorial_note":"Who may request is not stated; deadline and contents come with each request."', '');
UPDATE plans SET content = replace(content, '"editorial_note":"''theo quy định'' gives no date: the deadline is whatever the province sets; keep it configurable. The frequency is inferred from RR1 (yearly, or ad hoc)."',
    '"editorial_note":{"vi":"“theo quy định” không nêu ngày: thời hạn do tỉnh ấn định; cần cho phép cấu hình. Tần suất được suy ra từ RR1 (hằng năm, hoặc đột xuất).","en":"''theo quy định'' gives no date: the deadline is whatever the province sets; keep it configurable. The frequency is inferred from RR1 (yearly, or ad hoc)."}'), version = version + 1, updated_at = CURRENT_TIMESTAMP
WHERE content <> replace(content, '"editorial_note":"''theo quy định'' gives no date: the deadline is whatever the province sets; keep it configurable. The frequency is inferred from RR1 (yearly, or ad hoc)."', '');
UPDATE plans SET content = replace(content, '"editorial_note":"The month runs past the 25/11 report deadline, so the annual report can hold only its first ten days: results after that belong in a supplement or the next report."',
    '"editorial_note":{"vi":"Tháng hành động kéo dài qua thời hạn báo cáo 25/11 nên báo cáo năm chỉ có thể gồm mười ngày đầu: kết quả sau đó thuộc báo cáo bổ sung hoặc báo cáo kỳ sau.","en":"The month runs past the 25/11 report deadline, so the annual report can hold only its first ten days: results after that belong in a supplement or the next report."}'), version = version + 1, updated_at = CURRENT_TIMESTAMP
WHERE content <> replace(content, '"editorial_note":"The month runs past the 25/11 report deadline, so the annual report can hold only its first ten days: results after that belong in a supplement or the next report."', '');
UPDATE plans SET content = replace(content, '"editorial_notes":["The seed text carries no national emblem line (Quốc hiệu/Tiêu ngữ), no issuing-agency block, no document number and no place/date line; number, date_issued and place_issued are null and must be filled from the signed original. The plan must post-date 06/05/2026 (the provincial plan it cites).","The seed text has no ''TM. ỦY BAN NHÂN DÂN'' line above ''KT. CHỦ TỊCH'', which Decree 30/2020/NĐ-CP form would carry for a plan issued in the name of the People''s Committee.","Page numbers ''4'' and ''5'' are left inside the running text (text lines 201 and 279) and were removed; numbers 2 and 3 do not appear. Sentences run on across both, so nothing seems lost."]',
    '"editorial_notes":[{"vi":"Bản văn nguồn không có Quốc hiệu, Tiêu ngữ, không có tên cơ quan ban hành, số, ký hiệu văn bản và dòng địa danh, ngày tháng; số, ngày ban hành và nơi ban hành để trống, phải bổ sung theo bản chính đã ký. Kế hoạch phải được ban hành sau ngày 06/5/2026 (ngày của kế hoạch cấp tỉnh mà nó viện dẫn).","en":"The seed text carries no national emblem line (Quốc hiệu/Tiêu ngữ), no issuing-agency block, no document number and no place/date line; number, date_issued and place_issued are null and must be filled from the signed original. The plan must post-date 06/05/2026 (the provincial plan it cites)."},{"vi":"Bản văn nguồn không có dòng “TM. ỦY BAN NHÂN DÂN” phía trên “KT. CHỦ TỊCH”, là dòng phải có theo thể thức của Nghị định 30/2020/NĐ-CP khi kế hoạch được ban hành thay mặt Uỷ ban nhân dân.","en":"The seed text has no ''TM. ỦY BAN NHÂN DÂN'' line above ''KT. CHỦ TỊCH'', which Decree 30/2020/NĐ-CP form would carry for a plan issued in the name of the People''s Committee."},{"vi":"Số trang “4” và “5” nằm lẫn trong bản văn (dòng 201 và 279) và đã được bỏ; không thấy số trang 2 và 3. Câu văn liền mạch qua cả hai chỗ nên có lẽ không mất nội dung nào.","en":"Page numbers ''4'' and ''5'' are left inside the running text (text lines 201 and 279) and were removed; numbers 2 and 3 do not appear. Sentences run on across both, so nothing seems lost."}]'), version = version + 1, updated_at = CURRENT_TIMESTAMP
WHERE content <> replace(content, '"editorial_notes":["The seed text carries no national emblem line (Quốc hiệu/Tiêu ngữ), no issuing-agency block, no document number and no place/date line; number, date_issued and place_issued are null and must be filled from the signed original. The plan must post-date 06/05/2026 (the provincial plan it cites).","The seed text has no ''TM. ỦY BAN NHÂN DÂN'' line above ''KT. CHỦ TỊCH'', which Decree 30/2020/NĐ-CP form would carry for a plan issued in the name of the People''s Committee.","Page numbers ''4'' and ''5'' are left inside the running text (text lines 201 and 279) and were removed; numbers 2 and 3 do not appear. Sentences run on across both, so nothing seems lost."]', '');
UPDATE plans SET content = replace(content, '"recipients_note":"Abbreviations: b/c = để báo cáo; TTĐU = Thường trực Đảng uỷ; TT.HĐND = Thường trực Hội đồng nhân dân; PCT = Phó Chủ tịch; CT-XH = chính trị-xã hội; VT = Văn thư; VHXH = Văn hoá-Xã hội. Phòng Tài chính (IV.2) and Văn phòng HĐND và UBND (IV.3) have duties in section IV but are not in the recipient list."',
    '"recipients_note":{"vi":"Chữ viết tắt: b/c = để báo cáo; TTĐU = Thường trực Đảng uỷ; TT.HĐND = Thường trực Hội đồng nhân dân; PCT = Phó Chủ tịch; CT-XH = chính trị-xã hội; VT = Văn thư; VHXH = Văn hoá-Xã hội. Phòng Tài chính (IV.2) và Văn phòng HĐND và UBND (IV.3) được giao nhiệm vụ tại mục IV nhưng không có tên trong phần Nơi nhận.","en":"Abbreviations: b/c = để báo cáo; TTĐU = Thường trực Đảng uỷ; TT.HĐND = Thường trực Hội đồng nhân dân; PCT = Phó Chủ tịch; CT-XH = chính trị-xã hội; VT = Văn thư; VHXH = Văn hoá-Xã hội. Phòng Tài chính (IV.2) and Văn phòng HĐND và UBND (IV.3) have duties in section IV but are not in the recipient list."}'), version = version + 1, updated_at = CURRENT_TIMESTAMP
WHERE content <> replace(content, '"recipients_note":"Abbreviations: b/c = để báo cáo; TTĐU = Thường trực Đảng uỷ; TT.HĐND = Thường trực Hội đồng nhân dân; PCT = Phó Chủ tịch; CT-XH = chính trị-xã hội; VT = Văn thư; VHXH = Văn hoá-Xã hội. Phòng Tài chính (IV.2) and Văn phòng HĐND và UBND (IV.3) have duties in section IV but are not in the recipient list."', '');
UPDATE plans SET content = replace(content, '"code_source":"Not in the plan. Danh mục hành chính per Quyết định 19/2025/QĐ-TTg as carried by github.com/thanglequoc/vietnamese-provinces-database (postgres import file generated 2026-07-12)."',
    '"code_source":{"vi":"Không có trong kế hoạch. Lấy theo Danh mục hành chính ban hành kèm theo Quyết định 19/2025/QĐ-TTg, bản lưu tại github.com/thanglequoc/vietnamese-provinces-database (tệp nhập liệu postgres lập ngày 12/7/2026).","en":"Not in the plan. Danh mục hành chính per Quyết định 19/2025/QĐ-TTg as carried by github.com/thanglequoc/vietnamese-provinces-database (postgres import file generated 2026-07-12)."}'), version = version + 1, updated_at = CURRENT_TIMESTAMP
WHERE content <> replace(content, '"code_source":"Not in the plan. Danh mục hành chính per Quyết định 19/2025/QĐ-TTg as carried by github.com/thanglequoc/vietnamese-provinces-database (postgres import file generated 2026-07-12)."', '');
