"""Makes the files of this folder with the programs that people use. Needs openpyxl and pandas (the versions of the day are in
the files' own properties); the ones from LibreOffice Calc are saved by `soffice --headless --convert-to` from them.

    python3 tests/it/files/make.py
"""

import datetime
import pathlib

import openpyxl
import pandas

here = pathlib.Path(__file__).parent

HEAD = ["unit", "period", "indicator", "sex", "numerator", "denominator", "status", "note"]
ROWS = [
    ["U5", "2026", "4.1", None, 109, 100, "final", "Sổ theo dõi sinh"],
    ["U5", "2026", "4.1", "female", 55, 50, "final", None],
    ["U5", "2026", "4.1", "male", 54, 50, "estimate", None],
]


def plain():
    book = openpyxl.Workbook()
    sheet = book.active
    for row in [HEAD, *ROWS]:
        sheet.append(row)
    # What people leave behind: formats without content far below and to the right.
    sheet["A40"].font = openpyxl.styles.Font(bold=True)
    sheet["Z5"].fill = openpyxl.styles.PatternFill("solid", fgColor="FFFF00")
    book.save(here / "openpyxl.xlsx")


def words():
    """Vietnamese headers, codes as numbers, numbers as text, a second sheet with remarks."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["Đơn vị báo cáo", "Kỳ báo cáo", "Chỉ tiêu", "Giới tính", "Tử số", "Mẫu số"])
    sheet.append(["U5", 2026, 4.1, None, "109", "100"])
    sheet.append(["U5", 2026, 4.1, "female", "55,0", "50"])
    book.create_sheet("Ghi chú").append(["Chỉ để đọc"])
    book.save(here / "words.xlsx")


def spoilt():
    """What spreadsheets do to people: dates in place of codes and numbers, titles, merged headers, errors."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(HEAD)
    sheet.append(["U5", "2026", datetime.date(2026, 2, 3), None, 109, 100, "final", None])
    sheet.append(["U5", "2026", "4.1", None, datetime.date(2026, 1, 9), 100, "final", None])
    sheet.append(["U5", "2026", "4.1", "female", "1.000", 50, "final", None])
    sheet.append(["U5", "2026", "4.1", "male", 54, 50, "final", None])
    sheet["I3"] = "ngoài bảng"
    book.save(here / "spoilt.xlsx")

    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["BÁO CÁO KẾT QUẢ NĂM 2026"])
    sheet.merge_cells("A1:H1")
    sheet.append(HEAD)
    sheet.append(ROWS[0])
    book.save(here / "title.xlsx")

    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["unit", "period", "indicator", "Số liệu", None])
    sheet.merge_cells("D1:E1")
    sheet.append(["U5", "2026", "4.1", 109, 100])
    sheet.append([None, None, None, None, None])
    book.save(here / "merged.xlsx")


def frames():
    frame = pandas.DataFrame(ROWS, columns=HEAD)
    frame.to_csv(here / "pandas.csv")
    frame.to_excel(here / "pandas.xlsx", index=False)


def r():
    """As R's `write.csv2` writes a data frame by its documentation: `;` between cells, `,` as the decimal mark, texts and
    row names quoted, NA for what is missing, a header cell for the row names that is empty."""

    def cell(value):
        if value is None:
            return "NA"
        return str(value).replace(".", ",") if isinstance(value, (int, float)) else f'"{value}"'

    lines = [";".join(f'"{name}"' for name in ["", *HEAD])]
    lines += [";".join([f'"{n}"', *map(cell, row)]) for n, row in enumerate(ROWS, 1)]
    (here / "write_csv2.csv").write_text("\n".join(lines) + "\n", encoding="utf-8", newline="")


plain()
words()
spoilt()
frames()
r()
