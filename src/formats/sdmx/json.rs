//! Structures as SDMX-JSON 2.0.0. The name in the reader's language stands first; all of them stand beside it.

use super::model::{
    AGENCY, Availability, COMPONENTS, CONCEPTS, Component, FLOW, Item, ItemScheme, Kind, Message, Representation, STRUCTURE, Shown,
    VERSION, bilingual, in_language, name_of, urn,
};
use crate::problem::{Error, Language, Result};
use crate::values::text::Bilingual;
use serde::Serialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// What a message keeps to.
const SCHEMA: &str =
    "https://raw.githubusercontent.com/sdmx-twg/sdmx-json/master/structure-message/tools/schemas/2.0.0/sdmx-json-structure-schema.json";

/// Writes a message.
///
/// # Errors
/// Internal, if it has no JSON form.
pub fn write(message: &Message) -> Result<String> {
    serde_json::to_string(&Structures::of(message)).map_err(Error::internal)
}

#[derive(Serialize)]
struct Structures {
    meta: Meta,
    data: Data,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Meta {
    schema: &'static str,
    id: String,
    prepared: String,
    test: bool,
    content_languages: [&'static str; 2],
    sender: Value,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Data {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    agency_schemes: Vec<Maintainable>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    codelists: Vec<Maintainable>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    concept_schemes: Vec<Maintainable>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    data_structures: Vec<Maintainable>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    dataflows: Vec<Maintainable>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    data_constraints: Vec<Maintainable>,
}

/// An artefact; what only one kind of them has is optional.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Maintainable {
    id: String,
    #[serde(rename = "agencyID")]
    agency_id: &'static str,
    version: &'static str,
    name: String,
    names: BTreeMap<&'static str, String>,
    is_external_reference: bool,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    is_partial: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    annotations: Vec<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    codes: Option<Vec<Named>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    agencies: Option<Vec<Named>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    concepts: Option<Vec<Named>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    structure: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    data_structure_components: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    role: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    constraint_attachment: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cube_regions: Option<Value>,
}

#[derive(Serialize)]
struct Named {
    id: String,
    name: String,
    names: BTreeMap<&'static str, String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    parent: Option<String>,
}

fn names(name: &Bilingual) -> BTreeMap<&'static str, String> {
    [("vi", Some(&name.vi)), ("en", name.en.as_ref())].into_iter().filter_map(|(tag, name)| Some((tag, name?.clone()))).collect()
}

impl Structures {
    fn of(message: &Message) -> Self {
        let language = message.language;
        let scheme = |scheme: &ItemScheme| Maintainable::scheme(scheme, language);
        Self {
            meta: Meta {
                schema: SCHEMA,
                id: message.id.clone(),
                prepared: message.prepared.to_string(),
                test: false,
                content_languages: match language {
                    Language::Vi => ["vi", "en"],
                    Language::En => ["en", "vi"],
                },
                sender: json!({"id": AGENCY}),
            },
            data: Data {
                agency_schemes: message.agencies.iter().map(scheme).collect(),
                codelists: message.codelists.iter().map(scheme).collect(),
                concept_schemes: message.concepts.map(|shown| Maintainable::concepts(shown, language)).into_iter().collect(),
                data_structures: message.structure.map(|shown| Maintainable::structure(shown, language)).into_iter().collect(),
                dataflows: message.flow.map(|shown| Maintainable::flow(shown, language)).into_iter().collect(),
                data_constraints: message.availability.iter().map(|found| Maintainable::constraint(found, language)).collect(),
            },
        }
    }
}

impl Maintainable {
    fn new(id: &str, name: &Bilingual, shown: Shown, language: Language) -> Self {
        Self {
            id: id.to_owned(),
            agency_id: AGENCY,
            version: VERSION,
            name: in_language(name, language).to_owned(),
            names: names(name),
            is_external_reference: shown == Shown::Stub,
            is_partial: false,
            annotations: Vec::new(),
            codes: None,
            agencies: None,
            concepts: None,
            structure: None,
            data_structure_components: None,
            role: None,
            constraint_attachment: None,
            cube_regions: None,
        }
    }

    fn scheme(scheme: &ItemScheme, language: Language) -> Self {
        let items = scheme.items.iter().map(|item| Named::item(item, language)).collect();
        let items = Some(items).filter(|_| scheme.shown == Shown::Full);
        let (agencies, codes) = if scheme.id == "AGENCIES" { (items, None) } else { (None, items) };
        let new = Self::new(scheme.id, &scheme.name, scheme.shown, language);
        Self { agency_id: scheme.agency, is_partial: scheme.partial, agencies, codes, ..new }
    }

    fn concepts(shown: Shown, language: Language) -> Self {
        let concepts = COMPONENTS.iter().map(|component| Named::concept(component, language)).collect();
        Self { concepts: Some(concepts).filter(|_| shown == Shown::Full), ..Self::new(CONCEPTS, &name_of(CONCEPTS), shown, language) }
    }

    fn structure(shown: Shown, language: Language) -> Self {
        Self {
            data_structure_components: (shown == Shown::Full).then(components),
            ..Self::new(STRUCTURE, &name_of(STRUCTURE), shown, language)
        }
    }

    fn flow(shown: Shown, language: Language) -> Self {
        Self {
            structure: (shown == Shown::Full).then(|| urn("datastructure.DataStructure", STRUCTURE)),
            ..Self::new(FLOW, &name_of(FLOW), shown, language)
        }
    }

    /// What there are figures for; how many of them, as annotations that readers know.
    fn constraint(found: &Availability, language: Language) -> Self {
        let count = |id: &str, count: usize| json!({"id": id, "type": "sdmx_metrics", "title": count.to_string()});
        let values = |values: &[String]| values.iter().map(|value| json!({"value": value})).collect::<Vec<_>>();
        // A list of values that is there may not be empty.
        let some = found.values.iter().filter(|(_, of)| !of.is_empty());
        let keys: Vec<Value> = some.map(|(id, of)| json!({"id": id, "include": true, "values": values(of)})).collect();
        let name = bilingual(("Số liệu hiện có", "Available data"));
        Self {
            annotations: vec![count("obs_count", found.observations), count("series_count", found.series)],
            role: Some("Actual"),
            constraint_attachment: Some(json!({"dataflows": [urn("datastructure.Dataflow", FLOW)]})),
            cube_regions: Some(json!([{"include": true, "keyValues": keys}])),
            ..Self::new("CON_GE", &name, Shown::Full, language)
        }
    }
}

impl Named {
    fn item(item: &Item, language: Language) -> Self {
        Self {
            id: item.id.clone(),
            name: in_language(&item.name, language).to_owned(),
            names: names(&item.name),
            parent: item.parent.clone(),
        }
    }

    fn concept(component: &Component, language: Language) -> Self {
        let name = bilingual(component.name);
        Self { id: component.id.to_owned(), name: in_language(&name, language).to_owned(), names: names(&name), parent: None }
    }
}

fn representation(component: &Component) -> Value {
    match component.values {
        Representation::Codes(list) => json!({"enumeration": urn("codelist.Codelist", list), "enumerationFormat": {"dataType": "String"}}),
        Representation::Text(text) => json!({"format": {"dataType": text}}),
    }
}

/// The components of the data structure definition.
fn components() -> Value {
    let concept = |id: &str| format!("urn:sdmx:org.sdmx.infomodel.conceptscheme.Concept={AGENCY}:{CONCEPTS}({VERSION}).{id}");
    let (mut dimensions, mut attributes, mut measures, mut time) = (Vec::new(), Vec::new(), Vec::new(), Value::Null);
    for (at, component) in COMPONENTS.iter().enumerate() {
        let mut told = json!({
            "id": component.id, "conceptIdentity": concept(component.id), "localRepresentation": representation(component)
        });
        match component.kind {
            Kind::Dimension => {
                insert(&mut told, "position", json!(at));
                dimensions.push(told);
            }
            Kind::Time => time = told,
            Kind::Measure => {
                insert(&mut told, "usage", json!("optional"));
                measures.push(told);
            }
            Kind::Attribute { mandatory } => {
                insert(&mut told, "usage", json!(if mandatory { "mandatory" } else { "optional" }));
                insert(&mut told, "attributeRelationship", json!({"observation": {}}));
                insert(&mut told, "measureRelationship", json!(["OBS_VALUE"]));
                attributes.push(told);
            }
        }
    }
    json!({
        "dimensionList": {"id": "DimensionDescriptor", "dimensions": dimensions, "timeDimension": time},
        "measureList": {"id": "MeasureDescriptor", "measures": measures},
        "attributeList": {"id": "AttributeDescriptor", "attributes": attributes}
    })
}

fn insert(told: &mut Value, name: &str, value: Value) {
    if let Some(members) = told.as_object_mut() {
        members.insert(name.to_owned(), value);
    }
}
