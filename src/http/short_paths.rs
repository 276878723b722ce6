//! Paths of which the last segments may be left out (SDMX REST 2.2 and 1.5): what is missing is filled in before anything else looks at
//! the path, so that document, checks and kept answers know the whole ones alone. A slash at the end says nothing.

use crate::problem::{Error, Result};
use actix_web::dev::ServiceRequest;
use actix_web::http::Uri;
use actix_web::http::uri::PathAndQuery;

/// Below which path, what the next segment is, and what the segments after it are where they are left out. What no line names
/// is a structure.
type Short = (&'static str, &'static str, &'static [&'static str]);

const SHORT: [Short; 5] = [
    ("/sdmx/v2", "structure", &["*", "*", "*", "~"]),
    ("/sdmx/v2", "data", &["*", "*", "*", "*", "*"]),
    ("/sdmx/v2", "availability", &["*", "*", "*", "*", "*", "*"]),
    ("/sdmx/v2", "schema", &["*", "*", "*", "*"]),
    ("/sdmx/2.1", "data", &["all", "all", "all"]),
];

/// Fills in what the path of a request leaves out.
///
/// # Errors
/// Internal, if that is no path.
pub(super) fn fill(request: &mut ServiceRequest) -> Result<()> {
    let Some(path) = whole(request.path()) else { return Ok(()) };
    let path = match request.uri().query() {
        Some(query) => format!("{path}?{query}"),
        None => path,
    };
    let mut parts = request.uri().clone().into_parts();
    parts.path_and_query = Some(PathAndQuery::try_from(path).map_err(Error::internal)?);
    let uri = Uri::from_parts(parts).map_err(Error::internal)?;
    request.match_info_mut().get_mut().update(&uri);
    request.head_mut().uri = uri;
    Ok(())
}

/// The whole of a path that leaves something out.
fn whole(path: &str) -> Option<String> {
    let base = ["/sdmx/v2", "/sdmx/2.1"].into_iter().find(|base| path.strip_prefix(base).is_some_and(|rest| rest.starts_with('/')))?;
    let rest = path.strip_prefix(base)?.trim_start_matches('/').trim_end_matches('/');
    let mut segments = rest.split('/').filter(|segment| !segment.is_empty());
    let first = segments.next()?;
    let given: Vec<&str> = segments.collect();
    let line = SHORT.iter().find(|(of, name, _)| *of == base && *name == first);
    let (before, given, defaults): (Vec<&str>, Vec<&str>, &[&str]) = match (line, base) {
        (Some((_, _, defaults)), _) => (vec![first], given, defaults),
        // A resource that SDMX REST 2 has beside them: a kind of structures that there is none of.
        (None, "/sdmx/v2") => (vec!["structure", first], Vec::new(), &["*", "*", "~"]),
        (None, _) => (vec![first], given, &["all", "all", "latest"]),
    };
    let missing = defaults.get(given.len()..).unwrap_or_default();
    let all: Vec<&str> = before.into_iter().chain(given).chain(missing.iter().copied()).collect();
    let filled = format!("{base}/{}", all.join("/"));
    (filled != path).then_some(filled)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_out_is_everything_or_the_latest() {
        for (path, filled) in [
            ("/sdmx/v2/structure/dataflow", "/sdmx/v2/structure/dataflow/*/*/~"),
            ("/sdmx/v2/structure/codelist/BINHDANG/CL_SEX/1.0/", "/sdmx/v2/structure/codelist/BINHDANG/CL_SEX/1.0"),
            ("/sdmx/v2/data/dataflow/BINHDANG/DF_GE/1.0", "/sdmx/v2/data/dataflow/BINHDANG/DF_GE/1.0/*"),
            ("/sdmx/v2/availability/dataflow", "/sdmx/v2/availability/dataflow/*/*/*/*/*"),
            ("/sdmx/v2/metadata/metadataflow/X", "/sdmx/v2/structure/metadata/*/*/~"),
            ("/sdmx/2.1/dataflow/", "/sdmx/2.1/dataflow/all/all/latest"),
            ("/sdmx/2.1/data/DF_GE/", "/sdmx/2.1/data/DF_GE/all/all"),
        ] {
            assert_eq!(whole(path).as_deref(), Some(filled), "{path}");
            assert_eq!(whole(filled), None, "{filled}");
        }
        for other in ["/sdmx", "/sdmx/v2", "/sdmx/v2/", "/sdmx/v3/structure/dataflow", "/api/v1/goals/", "/"] {
            assert_eq!(whole(other), None, "{other}");
        }
    }
}
