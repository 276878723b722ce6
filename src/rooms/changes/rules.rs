//! Places in the feed, and who is told of what as far as roles alone say it: pure.

use super::wire::ChangeFilter;
use crate::auth::caller::Role;
use crate::change::order::Places;
use crate::change::types::{self, ChangeType, Subject};
use crate::problem::{FieldError, Problem, Result, codes, said, words};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};

/// What `after` says for the end of the feed.
const NOW: &str = "now";
/// How many changes an answer holds where nothing is said.
const LIMIT: usize = 50;

/// Those of the ward's own house.
pub(super) const HOUSE: &[Role] = &[Role::Coordinator, Role::Leader, Role::Supervisor];
/// Those who are told of the plan and of the reporting periods.
pub(super) const PLANNERS: &[Role] = &[Role::Coordinator, Role::Leader, Role::Supervisor, Role::Reporter, Role::Province];
/// Those who are told of units' reports.
pub(super) const REPORTERS: &[Role] = &[Role::Coordinator, Role::Leader, Role::Supervisor, Role::Reporter];

/// The roles of which one is needed to be told of anything on this subject. Of a consolidated report that was sent the province
/// is told as well as the house.
pub(super) fn roles(subject: Subject) -> &'static [Role] {
    match subject {
        Subject::Account | Subject::Jurisdiction | Subject::Webhook => &[Role::Admin],
        Subject::Plan | Subject::Period => PLANNERS,
        Subject::Report | Subject::Comment => REPORTERS,
        Subject::Consolidated => HOUSE,
        Subject::Sent => &[Role::Coordinator, Role::Leader, Role::Supervisor, Role::Province],
        Subject::Service => &[],
    }
}

/// Where in the feed somebody goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Start {
    /// With the oldest change that is kept.
    Oldest,
    /// With what is yet to happen.
    Now,
    /// After this place.
    After(i64),
}

/// What a cursor holds, in the form of the house's other cursors.
#[derive(Serialize, Deserialize)]
struct Cursor {
    s: String,
    k: (i64,),
}

/// Names the feed: a cursor of a list is refused.
const FEED: &str = "changes";

/// The cursor of a place.
pub(super) fn cursor(position: i64) -> String {
    URL_SAFE_NO_PAD.encode(serde_json::to_vec(&Cursor { s: FEED.to_owned(), k: (position,) }).unwrap_or_default())
}

impl Start {
    /// Reads `after`.
    ///
    /// # Errors
    /// 400 `cursor.invalid`.
    pub(super) fn parse(after: Option<&str>) -> Result<Self> {
        let text = match after {
            None => return Ok(Self::Oldest),
            Some(NOW) => return Ok(Self::Now),
            Some(text) => text,
        };
        let read = URL_SAFE_NO_PAD.decode(text).ok().and_then(|bytes| serde_json::from_slice::<Cursor>(&bytes).ok());
        match read {
            Some(Cursor { s, k: (position,) }) if s == FEED && position >= 0 => Ok(Self::After(position)),
            _ => Err(foreign_cursor().into()),
        }
    }

    /// The place after which to go on.
    ///
    /// # Errors
    /// 410 `cursor.expired` where changes behind it are no longer kept; or where there never was such a place, as in a database
    /// that was put back to an earlier state.
    pub(super) fn position(self, places: Places) -> Result<i64> {
        match self {
            Self::Oldest => Ok(places.forgotten),
            Self::Now => Ok(places.last),
            Self::After(position) if (places.forgotten..=places.last).contains(&position) => Ok(position),
            Self::After(_) => Err(codes::CURSOR_EXPIRED.into()),
        }
    }
}

fn foreign_cursor() -> Problem {
    Problem::new(codes::CURSOR_INVALID).saying(
        "«after» không phải là con trỏ do dòng thay đổi này cấp. Hãy dùng nguyên «next_cursor» của câu trả lời trước, «now» để chỉ nhận thay đổi mới, hoặc bỏ tham số này để bắt đầu từ thay đổi cũ nhất.",
        "after was not given by this feed. Use next_cursor of the answer before as it is, now for what is yet to happen, or leave it out to begin with the oldest.",
    )
}

/// What somebody wants of the feed.
#[derive(Debug, Clone)]
pub(super) struct Wanted {
    /// Where to begin.
    pub start: Start,
    /// Of which types; `None` for all.
    pub types: Option<Vec<ChangeType>>,
    /// At most so many.
    pub limit: usize,
}

impl Wanted {
    /// Reads the parameters; where a stream of events broke off tells more than where it had begun.
    ///
    /// # Errors
    /// 400 for a cursor or a type that there is not.
    pub(super) fn read(filter: &ChangeFilter, resumed: Option<&str>) -> Result<Self> {
        let types = filter.types.as_deref().map(types_of).transpose()?;
        Ok(Self { start: Start::parse(resumed.or(filter.after.as_deref()))?, types, limit: filter.limit.unwrap_or(LIMIT) })
    }
}

/// The types that a list names.
fn types_of(list: &str) -> Result<Vec<ChangeType>> {
    list.split(',').map(str::trim).map(|name| types::told().find(|one| one.name == name).ok_or_else(|| no_type(name).into())).collect()
}

/// Names the types of the same resource, or else the resources.
fn no_type(name: &str) -> Problem {
    let resource = name.split('.').next().unwrap_or_default();
    let of_resource = |one: &ChangeType| one.name.split_once('.').is_some_and(|(of, _)| of == resource);
    let alike: Vec<&str> = types::told().filter(of_resource).map(|one| one.name).collect();
    let shown: String = name.chars().take(60).collect();
    let detail = if alike.is_empty() {
        let mut resources: Vec<&str> = types::told().filter_map(|one| one.name.split('.').next()).collect();
        resources.dedup();
        let all = words::codes(resources);
        said(
            format!(
                "Tham số «types»: không có loại thay đổi «{shown}». Mỗi loại viết là đối tượng, dấu chấm và việc đã xảy ra, như «report.submitted»; các đối tượng: {}.",
                all.vi
            ),
            format!(
                "types: there is no type '{shown}'. A type is a resource, a full stop and what happened, such as report.submitted; the resources: {}.",
                all.en
            ),
        )
    } else {
        let all = words::codes(alike);
        said(
            format!("Tham số «types»: không có loại thay đổi «{shown}». Giá trị được phép với «{resource}»: {}.", all.vi),
            format!("types: there is no type '{shown}'. Allowed of {resource}: {}.", all.en),
        )
    };
    let fault = FieldError::new("types", codes::QUERY_INVALID).told(detail.clone());
    Problem::new(codes::QUERY_INVALID).told(detail).with_errors(vec![fault])
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_cursor_leads_on_as_long_as_all_behind_it_is_kept() {
        let places = Places { last: 30, forgotten: 10 };
        let position = |start: Start| start.position(places).map_err(|e| e.code().map(|code| code.code));
        assert_eq!(position(Start::Oldest), Ok(10));
        assert_eq!(position(Start::Now), Ok(30));
        assert_eq!(position(Start::After(10)), Ok(10));
        assert_eq!(position(Start::After(30)), Ok(30));
        for gone in [0, 9, 31] {
            assert_eq!(position(Start::After(gone)), Err(Some("cursor.expired")), "{gone}");
        }
        assert_eq!(Start::Oldest.position(Places { last: 0, forgotten: 0 }).ok(), Some(0));
    }

    #[test]
    fn where_a_stream_broke_off_tells_more_than_where_it_began() {
        let filter = ChangeFilter { after: Some(NOW.to_owned()), ..ChangeFilter::default() };
        assert_eq!(Wanted::read(&filter, None).unwrap().start, Start::Now);
        assert_eq!(Wanted::read(&filter, Some(&cursor(7))).unwrap().start, Start::After(7));
        assert_eq!(Wanted::read(&ChangeFilter::default(), None).unwrap().start, Start::Oldest);
    }

    #[test]
    fn types_are_those_of_the_table() {
        let names = |list: &str| types_of(list).map(|all| all.into_iter().map(|one| one.name).collect::<Vec<_>>());
        assert_eq!(names("report.submitted, goal.created").unwrap(), ["report.submitted", "goal.created"]);
        for (list, told) in [
            ("report.sent", "report.created, report.updated"),
            ("goal.created,", "plan, amendment, goal"),
            ("goal", "goal.created, goal.updated, goal.deleted"),
            ("signing_key.rotated", "plan, amendment"),
        ] {
            let problem = names(list).unwrap_err().into_problem();
            assert_eq!(problem.code().code, "query.invalid");
            assert!(problem.detail().en.contains(told), "{list}: {}", problem.detail().en);
        }
    }

    #[test]
    fn nobody_is_told_of_the_service_s_keys_and_everything_else_has_its_readers() {
        for one in types::ALL {
            assert_eq!(roles(one.subject).is_empty(), one.subject == Subject::Service, "{}", one.name);
        }
        let admins: Vec<&str> = types::ALL
            .iter()
            .filter(|one| roles(one.subject).contains(&Role::Admin))
            .filter_map(|one| one.name.split('.').next())
            .collect();
        assert!(admins.iter().all(|resource| ["user", "client", "jurisdiction", "webhook"].contains(resource)), "{admins:?}");
    }

    proptest! {
        #[test]
        fn a_cursor_is_read_back(position in 0_i64..) {
            prop_assert_eq!(Start::parse(Some(&cursor(position))).ok(), Some(Start::After(position)));
        }

        #[test]
        fn no_text_is_taken_for_a_cursor(text in "\\PC{1,60}") {
            prop_assume!(text != NOW);
            prop_assert!(Start::parse(Some(&text)).is_err());
        }

        #[test]
        fn nor_is_one_of_another_list(list in "[a-z_]{1,20}", position: i64) {
            prop_assume!(list != FEED || position < 0);
            let text = URL_SAFE_NO_PAD.encode(serde_json::json!({"s": list, "k": [position]}).to_string());
            prop_assert!(Start::parse(Some(&text)).is_err());
        }
    }
}
