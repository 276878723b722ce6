//! Which structures a query means, and which go with them: pure.

use super::wire::StructureOptions;
use crate::formats::sdmx::{AGENCY, CONCEPTS, FLOW, ItemScheme, STRUCTURE, Shown, VERSION};
use crate::problem::{Problem, Result, codes};

/// Kinds of structures that the standard has and this service could have, but has none of.
const NONE_OF: [&str; 18] = [
    "valuelist",
    "categoryscheme",
    "categorisation",
    "dataproviderscheme",
    "dataconsumerscheme",
    "organisationscheme",
    "organisationunitscheme",
    "provisionagreement",
    "dataconstraint",
    "contentconstraint",
    "attachmentconstraint",
    "allowedconstraint",
    "actualconstraint",
    "hierarchy",
    "hierarchyassociation",
    "hierarchicalcodelist",
    "geographiccodelist",
    "geogridcodelist",
];

/// What the standard has beside these, and this service does not give.
const NOT_GIVEN: [&str; 26] = [
    "metadata",
    "metadataflow",
    "metadatastructure",
    "metadataset",
    "metadataconstraint",
    "metadataproviderscheme",
    "metadataprovisionagreement",
    "process",
    "structureset",
    "structuremap",
    "representationmap",
    "conceptschememap",
    "categoryschememap",
    "organisationschememap",
    "reportingtaxonomy",
    "reportingtaxonomymap",
    "transformationscheme",
    "rulesetscheme",
    "userdefinedoperatorscheme",
    "customtypescheme",
    "namepersonalisationscheme",
    "vtlmappingscheme",
    "availableconstraint",
    "schema",
    "registration",
    "subscription",
];

/// A kind of structures that there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Flow,
    Structure,
    Concepts,
    Codelist,
    Agencies,
}

const KINDS: [(&str, Kind); 5] = [
    ("dataflow", Kind::Flow),
    ("datastructure", Kind::Structure),
    ("conceptscheme", Kind::Concepts),
    ("codelist", Kind::Codelist),
    ("agencyscheme", Kind::Agencies),
];

/// There is none that fits.
pub(super) fn nothing() -> Problem {
    Problem::new(codes::NOT_FOUND).saying(
        "Không có cấu trúc SDMX nào khớp địa chỉ này. Cơ quan quản lý là «BINHDANG», luồng số liệu là «DF_GE», phiên bản «1.0»; xem tất cả ở «/sdmx/v2/structure/*».",
        "No SDMX structure fits this address. The agency is BINHDANG, the dataflow DF_GE, the version 1.0; see all of them at /sdmx/v2/structure/*.",
    )
}

/// What a path asks for.
#[derive(Debug, Clone)]
pub(super) struct Asked<'a> {
    pub resource: &'a str,
    pub agency: &'a str,
    pub id: &'a str,
    pub version: &'a str,
}

impl Asked<'_> {
    /// The kinds that are asked for.
    ///
    /// # Errors
    /// 404 for a kind that there is none of, or that the standard does not know; 501 for one that is not given here.
    pub(super) fn kinds(&self) -> Result<Vec<Kind>> {
        let mut kinds = Vec::new();
        for name in self.resource.split(',') {
            match KINDS.iter().find(|(known, _)| *known == name) {
                Some((_, kind)) => kinds.push(*kind),
                None if matches!(name, "*" | "structure") => kinds.extend(KINDS.map(|(_, kind)| kind)),
                None if NONE_OF.contains(&name) => {}
                None if NOT_GIVEN.contains(&name) => return Err(codes::SDMX_NOT_IMPLEMENTED.into()),
                None => return Err(nothing().into()),
            }
        }
        if kinds.is_empty() { Err(nothing().into()) } else { Ok(kinds) }
    }

    /// Whether it fits an artefact.
    fn fits(&self, agency: &str, id: &str) -> bool {
        one_of(self.agency, agency) && one_of(self.id, id) && one_of_versions(self.version)
    }
}

/// Whether a list names this, or everything.
pub(super) fn one_of(list: &str, own: &str) -> bool {
    list.split(',').any(|name| matches!(name, "*" | "all") || name == own)
}

/// Whether a list names the only version that there is, by itself or as the latest (SDMX REST 2, semantic versioning).
pub(super) fn one_of_versions(list: &str) -> bool {
    list.split(',').any(|name| matches!(name, "*" | "all" | "~" | "+" | "latest") || name.replace('+', "") == VERSION)
}

/// What goes into a message.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Chosen {
    pub flow: Option<Shown>,
    pub structure: Option<Shown>,
    pub concepts: Option<Shown>,
    /// The code lists by their ids.
    pub codelists: Vec<(&'static str, Shown)>,
    /// The lists of agencies by who maintains them.
    pub agencies: Vec<(&'static str, Shown)>,
}

/// How deep what goes with something is followed.
fn follow(references: &str) -> impl Fn(Kind, &Chosen) -> bool {
    let named: Vec<String> = references.split(',').map(str::to_owned).collect();
    move |kind, asked| {
        let says = |words: &[&str]| named.iter().any(|name| words.contains(&name.as_str()));
        let (flow, structure) = (asked.flow.is_some(), asked.structure.is_some());
        let part = asked.concepts.is_some() || !asked.codelists.is_empty();
        let own = KINDS.iter().find(|(_, known)| *known == kind).is_some_and(|(name, _)| says(&[name]));
        match kind {
            Kind::Flow => {
                (structure && says(&["parents", "parentsandsiblings", "ancestors", "all"]))
                    || (part && says(&["ancestors", "all"]))
                    || (own && (structure || part))
            }
            Kind::Structure => {
                (flow && says(&["children", "descendants", "all"]))
                    || (part && says(&["parents", "parentsandsiblings", "ancestors", "all"]))
                    || (own && (flow || part))
            }
            Kind::Concepts | Kind::Codelist => {
                (flow && says(&["descendants", "all"]))
                    || (structure && says(&["children", "descendants", "all"]))
                    || (part && says(&["parentsandsiblings", "all"]))
                    || (own && (flow || structure || part))
            }
            Kind::Agencies => false,
        }
    }
}

/// What a structure query is answered with; `codelists` and `agencies` are all that there are.
///
/// # Errors
/// 404 if nothing fits; as [`Asked::kinds`].
pub(super) fn chosen(asked: &Asked<'_>, options: &StructureOptions, codelists: &[ItemScheme], agencies: &[ItemScheme]) -> Result<Chosen> {
    let kinds = asked.kinds()?;
    let detail = options.detail.as_deref().unwrap_or("full");
    let own = if detail.starts_with("all") { Shown::Stub } else { Shown::Full };
    let beside = if detail.starts_with("all") || detail.ends_with("stubs") { Shown::Stub } else { Shown::Full };
    let single = |kind: Kind, id: &str| Some(own).filter(|_| kinds.contains(&kind) && asked.fits(AGENCY, id));
    let lists = |kind: Kind, all: &[ItemScheme], by: fn(&ItemScheme) -> &'static str| {
        let fitting = all.iter().filter(|list| kinds.contains(&kind) && asked.fits(list.agency, list.id));
        fitting.map(|list| (by(list), own)).collect::<Vec<_>>()
    };
    let found = Chosen {
        flow: single(Kind::Flow, FLOW),
        structure: single(Kind::Structure, STRUCTURE),
        concepts: single(Kind::Concepts, CONCEPTS),
        codelists: lists(Kind::Codelist, codelists, |list| list.id),
        agencies: lists(Kind::Agencies, agencies, |list| list.agency),
    };
    if found == Chosen::default() {
        return Err(nothing().into());
    }
    Ok(with_references(found, options.references.as_deref().unwrap_or("none"), beside, codelists))
}

/// The same with what goes with it.
pub(super) fn with_references(asked: Chosen, references: &str, beside: Shown, codelists: &[ItemScheme]) -> Chosen {
    let goes = follow(references);
    let add = |kind: Kind, shown: Option<Shown>| shown.or_else(|| goes(kind, &asked).then_some(beside));
    let mut with = Chosen {
        flow: add(Kind::Flow, asked.flow),
        structure: add(Kind::Structure, asked.structure),
        concepts: add(Kind::Concepts, asked.concepts),
        ..asked.clone()
    };
    if goes(Kind::Codelist, &asked) {
        let known = |list: &&ItemScheme| !asked.codelists.iter().any(|(id, _)| *id == list.id);
        with.codelists.extend(codelists.iter().filter(known).map(|list| (list.id, beside)));
    }
    with
}

/// Goes on only if the context of data is the dataflow, or its structure.
///
/// # Errors
/// 404.
pub(super) fn in_context(asked: &Asked<'_>) -> Result<()> {
    let fits = |kind: &str, id: &str| one_of(asked.resource, kind) && asked.fits(AGENCY, id);
    if fits("dataflow", FLOW) || fits("datastructure", STRUCTURE) { Ok(()) } else { Err(nothing().into()) }
}

/// The same where a flow is named as SDMX REST 1.5 does: `DF_GE`, `BINHDANG,DF_GE`, `BINHDANG,DF_GE,1.0`.
///
/// # Errors
/// 404.
pub(super) fn in_flow(named: &str) -> Result<()> {
    let parts: Vec<&str> = named.split(',').collect();
    let (agency, id, version) = match parts.as_slice() {
        [id] => ("all", *id, "latest"),
        [agency, id] => (*agency, *id, "latest"),
        [agency, id, version] => (*agency, *id, *version),
        _ => return Err(nothing().into()),
    };
    in_context(&Asked { resource: "dataflow", agency, id, version })
}

/// Goes on only if a provider, perhaps with its agency, is the only one that there is.
///
/// # Errors
/// 404.
pub(super) fn by_provider(named: &str) -> Result<()> {
    if named.split(',').all(|name| one_of(name, AGENCY)) { Ok(()) } else { Err(nothing().into()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::values::text::Bilingual;

    fn lists() -> Vec<ItemScheme> {
        let name = Bilingual { vi: "x".to_owned(), en: None };
        let list = |id| ItemScheme { agency: AGENCY, id, name: name.clone(), items: Vec::new(), shown: Shown::Full, partial: false };
        vec![list("CL_SEX"), list("CL_FREQ")]
    }

    fn told(resource: &str, id: &str, version: &str, references: &str) -> String {
        let options = StructureOptions { detail: None, references: Some(references.to_owned()) };
        let Ok(found) = chosen(&Asked { resource, agency: "*", id, version }, &options, &lists(), &[]) else { return "nothing".to_owned() };
        let single = [("flow", found.flow), ("structure", found.structure), ("concepts", found.concepts)];
        let mut all: Vec<&str> = single.iter().filter_map(|(name, shown)| shown.map(|_| *name)).collect();
        all.extend(found.codelists.iter().map(|(id, _)| *id));
        all.join(" ")
    }

    #[test]
    fn references_lead_up_and_down() {
        for (resource, id, references, wanted) in [
            ("dataflow", "*", "none", "flow"),
            ("dataflow", "DF_GE", "children", "flow structure"),
            ("dataflow", "DF_GE", "all", "flow structure concepts CL_SEX CL_FREQ"),
            ("dataflow", "DF_GE", "codelist", "flow CL_SEX CL_FREQ"),
            ("datastructure", "*", "parents", "flow structure"),
            ("datastructure", "*", "children", "structure concepts CL_SEX CL_FREQ"),
            ("codelist", "CL_SEX", "none", "CL_SEX"),
            ("codelist", "CL_SEX", "parents", "structure CL_SEX"),
            ("codelist", "CL_SEX", "ancestors", "flow structure CL_SEX"),
            ("codelist", "CL_SEX,CL_FREQ", "none", "CL_SEX CL_FREQ"),
            ("codelist", "CL_NONE", "all", "nothing"),
            ("valuelist", "*", "all", "nothing"),
        ] {
            assert_eq!(told(resource, id, "~", references), wanted, "{resource} {id} {references}");
        }
        for (version, there) in [("1.0", true), ("latest", true), ("+", true), ("1+.0", true), ("2.0", false), ("2.0,1.0", true)] {
            assert_eq!(told("dataflow", "DF_GE", version, "none") == "flow", there, "{version}");
        }
    }

    #[test]
    fn what_is_not_given_is_no_unknown_word() {
        let status =
            |resource: &str| Asked { resource, agency: "*", id: "*", version: "*" }.kinds().err().map(|e| e.into_problem().status());
        assert_eq!(status("metadatastructure"), Some(501));
        assert_eq!(status("valuelist"), Some(404));
        assert_eq!(status("nonsense"), Some(404));
        assert_eq!(status("*"), None);
    }

    #[test]
    fn a_flow_is_named_with_or_without_its_agency() {
        for (named, there) in [
            ("DF_GE", true),
            ("BINHDANG,DF_GE", true),
            ("all,DF_GE,all", true),
            ("BINHDANG,DF_GE,2.0", false),
            ("X,DF_GE", false),
            ("DF_X", false),
        ] {
            assert_eq!(in_flow(named).is_ok(), there, "{named}");
        }
    }
}
