//! The code lists and the lists of agencies, made of the plans' words. Pure but for reading these.

use super::rules::{TOTAL, area_code, indicator_code, sex_code, unit_code};
use super::table::{self, Area, Named};
use crate::db::Conn;
use crate::formats::sdmx::{AGENCY, Item, ItemScheme, SDMX, Shown};
use crate::problem::Result;
use crate::values::text::Bilingual;

/// A fixed code: its id, and its name in Vietnamese and English.
type Fixed = (&'static str, &'static str, &'static str);

const FREQUENCIES: [Fixed; 3] = [("A", "Hằng năm", "Annual"), ("Q", "Hằng quý", "Quarterly"), ("M", "Hằng tháng", "Monthly")];
const SEXES: [Fixed; 3] = [("F", "Nữ", "Female"), ("M", "Nam", "Male"), (TOTAL, "Tổng số", "Total")];
const STATUSES: [Fixed; 4] = [
    ("A", "Số liệu bình thường", "Normal value"),
    ("E", "Số liệu ước tính", "Estimated value"),
    ("M", "Không có số liệu: không có trường hợp nào hoặc không áp dụng", "Missing value; data cannot exist"),
    ("Q", "Số liệu không hiển thị để bảo mật", "Missing value; suppressed"),
];
const CONFIDENTIALITIES: [Fixed; 3] = [
    ("F", "Công khai", "Free (free for publication)"),
    ("C", "Bảo mật thống kê sơ cấp", "Primary confidentiality"),
    ("D", "Bảo mật thống kê thứ cấp", "Secondary confidentiality"),
];

fn fixed((id, vi, en): &Fixed) -> Item {
    Item { id: (*id).to_owned(), name: Bilingual { vi: (*vi).to_owned(), en: Some((*en).to_owned()) }, parent: None }
}

fn list(id: &'static str, vi: &str, en: &str, items: Vec<Item>) -> ItemScheme {
    let name = Bilingual { vi: vi.to_owned(), en: Some(en.to_owned()) };
    ItemScheme { agency: AGENCY, id, name, items, shown: Shown::Full, partial: false }
}

/// The lists whose codes are stated here or by the plans.
pub(super) fn codelists(c: &mut Conn, areas: &[Area]) -> Result<Vec<ItemScheme>> {
    let (own, published) = table::indicators(c)?;
    Ok(vec![
        list("CL_FREQ", "Tần suất", "Frequency", FREQUENCIES.iter().map(fixed).collect()),
        list("CL_AREA", "Địa bàn", "Reference areas", of_areas(areas)),
        list("CL_UNIT", "Đơn vị thực hiện", "Responsible units", of_units(table::units(c)?)),
        list("CL_INDICATOR", "Chỉ tiêu", "Indicators", of_indicators(own, published)),
        list("CL_SEX", "Giới tính", "Sex", of_sexes(table::sexes(c)?)),
        list("CL_OBS_STATUS", "Tình trạng số liệu", "Observation status", STATUSES.iter().map(fixed).collect()),
        list("CL_CONF_STATUS", "Mức bảo mật", "Confidentiality status", CONFIDENTIALITIES.iter().map(fixed).collect()),
    ])
}

/// The agency among all, and the wards as those below it.
pub(super) fn agencies(areas: &[Area]) -> Vec<ItemScheme> {
    let own = [(AGENCY, "Hệ thống báo cáo bình đẳng giới", "Gender equality reporting")];
    let wards = areas.iter().filter(|area| area.is_ward);
    let below = wards.map(|area| Item { id: area_code(&area.code), name: area.name.clone(), parent: None }).collect();
    let scheme = |agency, items| ItemScheme { agency, ..list("AGENCIES", "Cơ quan quản lý", "Agencies", items) };
    vec![scheme(SDMX, own.iter().map(fixed).collect()), scheme(AGENCY, below)]
}

fn of_areas(areas: &[Area]) -> Vec<Item> {
    let known = |code: &&String| areas.iter().any(|area| area.code == **code);
    let item = |area: &Area| Item {
        id: area_code(&area.code),
        name: area.name.clone(),
        parent: area.parent.as_ref().filter(known).map(|code| area_code(code)),
    };
    areas.iter().map(item).collect()
}

/// Adds names to items in their order: one of a known id says another name beside it, as units of several wards do.
fn add(items: &mut Vec<Item>, id: String, name: &Bilingual) {
    /// More names make no code clearer.
    const MOST: usize = 3;
    let Some(item) = items.iter_mut().find(|item| item.id == id) else {
        items.push(Item { id, name: name.clone(), parent: None });
        return;
    };
    let known = item.name.vi.split("; ").collect::<Vec<_>>();
    if known.len() < MOST && !known.contains(&name.vi.as_str()) {
        let en = |name: &Bilingual| name.en.clone().unwrap_or_else(|| name.vi.clone());
        let both = (item.name.en.is_some() || name.en.is_some()).then(|| format!("{}; {}", en(&item.name), en(name)));
        item.name = Bilingual { vi: format!("{}; {}", item.name.vi, name.vi), en: both };
    }
}

fn of_units(units: Vec<Named>) -> Vec<Item> {
    let mut items = vec![fixed(&(TOTAL, "Tất cả các đơn vị", "All units"))];
    for (code, name) in &units {
        add(&mut items, unit_code(code), name);
    }
    items
}

/// By the name under which it was published last, else by its own: that of the first plan that has it.
fn of_indicators(own: Vec<Named>, published: Vec<Named>) -> Vec<Item> {
    let mut items: Vec<Item> = Vec::new();
    for (code, name) in own {
        let id = indicator_code(&code);
        if !items.iter().any(|item| item.id == id) {
            items.push(Item { id, name, parent: None });
        }
    }
    for (code, name) in published {
        let id = indicator_code(&code);
        match items.iter_mut().find(|item| item.id == id) {
            Some(item) => item.name = name,
            None => items.push(Item { id, name, parent: None }),
        }
    }
    items
}

fn of_sexes(values: Vec<Named>) -> Vec<Item> {
    let mut items: Vec<Item> = SEXES.iter().map(fixed).collect();
    for (code, name) in &values {
        let id = sex_code(code);
        if !items.iter().any(|item| item.id == id) {
            items.push(Item { id, name: name.clone(), parent: None });
        }
    }
    items
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(vi: &str, en: Option<&str>) -> Bilingual {
        Bilingual { vi: vi.to_owned(), en: en.map(str::to_owned) }
    }

    #[test]
    fn a_code_that_several_wards_have_says_all_their_names() {
        let school = |vi: &str| ("U5".to_owned(), name(vi, None));
        let items =
            of_units(vec![school("Trường A"), school("Trường B"), school("Trường A"), ("U6".to_owned(), name("Trạm", Some("Clinic")))]);
        let told: Vec<(&str, &str)> = items.iter().map(|item| (item.id.as_str(), item.name.vi.as_str())).collect();
        assert_eq!(told, [("_T", "Tất cả các đơn vị"), ("U5", "Trường A; Trường B"), ("U6", "Trạm")]);
    }

    #[test]
    fn what_was_published_last_names_an_indicator() {
        let of = |vi: &str| ("4.1".to_owned(), name(vi, None));
        let items = of_indicators(vec![of("hôm nay")], vec![of("2026"), of("2027")]);
        assert_eq!((items.len(), items[0].id.as_str(), items[0].name.vi.as_str()), (1, "I4_1", "2027"));
    }
}
