//! Structures as SDMX-ML 2.1.

use super::model::{
    AGENCY, COMPONENTS, CONCEPTS, Component, FLOW, ItemScheme, Kind, Message, Representation, STRUCTURE, Shown, VERSION, bilingual, name_of,
};
use super::xml::{COMMON, MESSAGE, STRUCTURES, Xml};
use crate::problem::{Language, Result};
use crate::values::clock::UtcTime;
use crate::values::text::Bilingual;

/// Writes a message.
///
/// # Errors
/// Internal, which writing to memory does not lead to.
pub fn write(message: &Message) -> Result<Vec<u8>> {
    let mut xml = Xml::document()?;
    xml.around("mes:Structure", &[MESSAGE, STRUCTURES, COMMON], |xml| {
        xml.around("mes:Header", &[], |xml| header(xml, &message.id, message.prepared))?;
        // In the order of the schema.
        xml.around("mes:Structures", &[], |xml| {
            let language = message.language;
            if !message.agencies.is_empty() {
                let names = ("str:AgencyScheme", "str:Agency");
                xml.around("str:OrganisationSchemes", &[], |xml| schemes(xml, &message.agencies, names, language))?;
            }
            if let Some(shown) = message.flow {
                xml.around("str:Dataflows", &[], |xml| flow(xml, shown, language))?;
            }
            if !message.codelists.is_empty() {
                xml.around("str:Codelists", &[], |xml| schemes(xml, &message.codelists, ("str:Codelist", "str:Code"), language))?;
            }
            if let Some(shown) = message.concepts {
                xml.around("str:Concepts", &[], |xml| concepts(xml, shown, language))?;
            }
            if let Some(shown) = message.structure {
                xml.around("str:DataStructures", &[], |xml| structure(xml, shown, language))?;
            }
            Ok(())
        })
    })?;
    Ok(xml.into_bytes())
}

/// What stands first in every header.
pub(super) fn header(xml: &mut Xml, id: &str, prepared: UtcTime) -> Result<()> {
    xml.text("mes:ID", &[], id)?;
    xml.text("mes:Test", &[], "false")?;
    xml.text("mes:Prepared", &[], &prepared.to_string())?;
    xml.empty("mes:Sender", &[("id", AGENCY)])
}

/// The names of an artefact, that in the reader's language first.
fn named(xml: &mut Xml, name: &Bilingual, language: Language) -> Result<()> {
    let mut all: Vec<(&str, &str)> = vec![("vi", &name.vi)];
    all.extend(name.en.as_deref().map(|en| ("en", en)));
    if language == Language::En {
        all.reverse();
    }
    all.into_iter().try_for_each(|(tag, text)| xml.text("com:Name", &[("xml:lang", tag)], text))
}

/// The beginning of an artefact, its names, and unless it is a stub what is in it.
fn artefact(
    xml: &mut Xml,
    (element, id, agency): (&str, &str, &str),
    (name, shown, language): (&Bilingual, Shown, Language),
    more: &[(&str, &str)],
    within: impl FnOnce(&mut Xml) -> Result<()>,
) -> Result<()> {
    let mut attributes = vec![("id", id), ("agencyID", agency), ("version", VERSION), ("isFinal", "false")];
    if shown == Shown::Stub {
        attributes.push(("isExternalReference", "true"));
    }
    attributes.extend(more);
    xml.around(element, &attributes, |xml| {
        named(xml, name, language)?;
        if shown == Shown::Full { within(xml) } else { Ok(()) }
    })
}

fn schemes(xml: &mut Xml, all: &[ItemScheme], (element, item): (&str, &str), language: Language) -> Result<()> {
    all.iter().try_for_each(|scheme| {
        let partial: &[(&str, &str)] = if scheme.partial { &[("isPartial", "true")] } else { &[] };
        artefact(xml, (element, scheme.id, scheme.agency), (&scheme.name, scheme.shown, language), partial, |xml| {
            scheme.items.iter().try_for_each(|one| {
                xml.around(item, &[("id", &one.id)], |xml| {
                    named(xml, &one.name, language)?;
                    one.parent.iter().try_for_each(|above| xml.reference("str:Parent", &[("id", above)]))
                })
            })
        })
    })
}

fn flow(xml: &mut Xml, shown: Shown, language: Language) -> Result<()> {
    artefact(xml, ("str:Dataflow", FLOW, AGENCY), (&name_of(FLOW), shown, language), &[], |xml| {
        xml.reference("str:Structure", &of(STRUCTURE, "datastructure", "DataStructure"))
    })
}

/// The attributes of a reference to an artefact of this agency.
pub(super) fn of<'a>(id: &'a str, package: &'a str, class: &'a str) -> [(&'a str, &'a str); 5] {
    [("id", id), ("agencyID", AGENCY), ("version", VERSION), ("package", package), ("class", class)]
}

fn concepts(xml: &mut Xml, shown: Shown, language: Language) -> Result<()> {
    artefact(xml, ("str:ConceptScheme", CONCEPTS, AGENCY), (&name_of(CONCEPTS), shown, language), &[], |xml| {
        COMPONENTS.iter().try_for_each(|component| {
            xml.around("str:Concept", &[("id", component.id)], |xml| named(xml, &bilingual(component.name), language))
        })
    })
}

fn structure(xml: &mut Xml, shown: Shown, language: Language) -> Result<()> {
    artefact(xml, ("str:DataStructure", STRUCTURE, AGENCY), (&name_of(STRUCTURE), shown, language), &[], |xml| {
        xml.around("str:DataStructureComponents", &[], |xml| {
            xml.around("str:DimensionList", &[("id", "DimensionDescriptor")], |xml| {
                each(xml, |kind| matches!(kind, Kind::Dimension | Kind::Time))
            })?;
            xml.around("str:AttributeList", &[("id", "AttributeDescriptor")], |xml| {
                each(xml, |kind| matches!(kind, Kind::Attribute { .. }))
            })?;
            xml.around("str:MeasureList", &[("id", "MeasureDescriptor")], |xml| each(xml, |kind| kind == Kind::Measure))
        })
    })
}

/// The components of these kinds.
fn each(xml: &mut Xml, wanted: impl Fn(Kind) -> bool) -> Result<()> {
    let wanted = COMPONENTS.iter().enumerate().filter(|(_, component)| wanted(component.kind));
    wanted.into_iter().try_for_each(|(at, component)| one(xml, &(at + 1).to_string(), component))
}

fn one(xml: &mut Xml, position: &str, component: &Component) -> Result<()> {
    let id = ("id", component.id);
    let (element, attributes) = match component.kind {
        Kind::Dimension => ("str:Dimension", vec![id, ("position", position)]),
        Kind::Time => ("str:TimeDimension", vec![("id", component.id), ("position", position)]),
        Kind::Measure => ("str:PrimaryMeasure", vec![id]),
        Kind::Attribute { mandatory } => {
            ("str:Attribute", vec![id, ("assignmentStatus", if mandatory { "Mandatory" } else { "Conditional" })])
        }
    };
    xml.around(element, &attributes, |xml| {
        let concept = [
            ("id", component.id),
            ("maintainableParentID", CONCEPTS),
            ("maintainableParentVersion", VERSION),
            ("agencyID", AGENCY),
            ("package", "conceptscheme"),
            ("class", "Concept"),
        ];
        xml.reference("str:ConceptIdentity", &concept)?;
        xml.around("str:LocalRepresentation", &[], |xml| match component.values {
            Representation::Codes(list) => xml.reference("str:Enumeration", &of(list, "codelist", "Codelist")),
            Representation::Text(text) => xml.empty("str:TextFormat", &[("textType", text)]),
        })?;
        match component.kind {
            Kind::Attribute { .. } => {
                xml.around("str:AttributeRelationship", &[], |xml| xml.reference("str:PrimaryMeasure", &[("id", "OBS_VALUE")]))
            }
            Kind::Dimension | Kind::Time | Kind::Measure => Ok(()),
        }
    })
}
