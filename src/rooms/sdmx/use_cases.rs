//! What is done for a query: a connection, whoever asks, what is asked; a message or a file comes out.

use super::artefacts::{self, Asked, Chosen};
use super::rules::Selection;
use super::table::{self, Area};
use super::wire::StructureOptions;
use super::{catalogue, observations};
use crate::actor::Actor;
use crate::db::Conn;
use crate::formats::sdmx::{Availability, ItemScheme, Message, SERIES_DIMENSIONS, Shown, csv, data_xml};
use crate::formats::sdmx::{Columns, Observation};
use crate::problem::{Problem, Result, codes};
use bytes::Bytes;
use std::collections::{BTreeSet, VecDeque};

/// Everything of which lists are made.
struct Lists {
    codelists: Vec<ItemScheme>,
    agencies: Vec<ItemScheme>,
}

impl Lists {
    fn load(c: &mut Conn) -> Result<Self> {
        let areas = table::areas(c)?;
        Ok(Self { codelists: catalogue::codelists(c, &areas)?, agencies: catalogue::agencies(&areas) })
    }
}

fn message(actor: &Actor, lists: Lists, chosen: &Chosen) -> Message {
    let of = |all: Vec<ItemScheme>, wanted: &[(&'static str, Shown)], by: fn(&ItemScheme) -> &'static str| -> Vec<ItemScheme> {
        let shown = |list: &ItemScheme| wanted.iter().find(|(id, _)| *id == by(list)).map(|(_, shown)| *shown);
        all.into_iter().filter_map(|list| Some(ItemScheme { shown: shown(&list)?, ..list })).collect()
    };
    Message {
        id: actor.request_id.clone(),
        prepared: actor.now,
        language: actor.language,
        agencies: of(lists.agencies, &chosen.agencies, |list| list.agency),
        codelists: of(lists.codelists, &chosen.codelists, |list| list.id),
        concepts: chosen.concepts,
        structure: chosen.structure,
        flow: chosen.flow,
        availability: None,
    }
}

/// The structures that a query asks for.
///
/// # Errors
/// 404 if there are none; 501 for a kind that is not given here.
pub(super) fn structures(c: &mut Conn, actor: &Actor, asked: &Asked<'_>, options: &StructureOptions) -> Result<Message> {
    // A kind that there is none of costs nothing.
    asked.kinds()?;
    let lists = Lists::load(c)?;
    let chosen = artefacts::chosen(asked, options, &lists.codelists, &lists.agencies)?;
    Ok(message(actor, lists, &chosen))
}

/// The structure of the data alone, with its code lists.
///
/// # Errors
/// 404 for other data.
pub(super) fn schema(c: &mut Conn, actor: &Actor, asked: &Asked<'_>) -> Result<Message> {
    artefacts::in_context(asked)?;
    let lists = Lists::load(c)?;
    let structure = Chosen { structure: Some(Shown::Full), ..Chosen::default() };
    let chosen = artefacts::with_references(structure, "descendants", Shown::Full, &lists.codelists);
    Ok(message(actor, lists, &chosen))
}

/// Of which values of the dimensions there are observations; `component` names the dimensions that are told of.
///
/// # Errors
/// 404 for other data, a dimension that there is not, or where there is no observation.
pub(super) fn availability(
    c: &mut Conn,
    actor: &Actor,
    asked: &Asked<'_>,
    (selection, component): (&Selection, &str),
    references: &str,
) -> Result<Message> {
    artefacts::in_context(asked)?;
    let all = || SERIES_DIMENSIONS.into_iter().chain(["TIME_PERIOD"]);
    let told: Vec<(usize, &'static str)> = all().enumerate().filter(|(_, id)| artefacts::one_of(component, id)).collect();
    if told.is_empty() {
        return Err(artefacts::nothing().into());
    }
    let mut values: Vec<BTreeSet<String>> = vec![BTreeSet::new(); told.len()];
    let mut found = Availability::default();
    for area in table::areas(c)? {
        let observed = observations::of_area(c, actor, &area, selection)?;
        found.observations += observed.len();
        found.series += observed.chunk_by(|a, b| a.series == b.series).count();
        for one in &observed {
            let period = one.period.to_string();
            for ((at, _), values) in told.iter().zip(&mut values) {
                let codes = one.series.codes();
                let code = codes.get(*at).copied().unwrap_or(&period);
                if !values.contains(code) {
                    values.insert(code.to_owned());
                }
            }
        }
    }
    // A constraint that holds for no value is none; and a reader takes it so (pysdmx, `dataflow`).
    if found.observations == 0 {
        return Err(no_data().into());
    }
    found.values = told.into_iter().zip(values).map(|((_, id), values)| (id, values.into_iter().collect())).collect();
    let beside = match references {
        "none" => None,
        other => {
            let flow = Chosen { flow: Some(Shown::Full), ..Chosen::default() };
            let with = artefacts::with_references(flow, other, Shown::Full, &Lists::load(c)?.codelists);
            // The dataflow itself is named as the others are.
            let named =
                artefacts::one_of(other, "dataflow") || other.split(',').any(|name| matches!(name, "parents" | "parentsandsiblings"));
            Some(Chosen { flow: with.flow.filter(|_| named || artefacts::one_of(other, "all")), ..with })
        }
    };
    let lists = if beside.is_some() { Lists::load(c)? } else { Lists { codelists: Vec::new(), agencies: Vec::new() } };
    Ok(Message { availability: Some(found), ..message(actor, lists, &beside.unwrap_or_default()) })
}

/// In what data are written.
pub(super) enum Written {
    /// SDMX-CSV.
    Csv(Columns),
    /// SDMX-ML.
    Ml(data_xml::Layout),
}

/// Observations as a file that is made piece by piece: one administrative unit after the other.
pub(super) struct DataFile {
    written: Written,
    selection: Selection,
    /// Those that are yet to come; `None` before they are known.
    areas: Option<VecDeque<Area>>,
    begun: bool,
    ended: bool,
}

impl DataFile {
    /// The observations that are asked for.
    pub(super) fn of(written: Written, selection: Selection) -> Self {
        Self { written, selection, areas: None, begun: false, ended: false }
    }

    /// The next piece; `None` at the end. As SDMX-CSV nothing is no file at all.
    ///
    /// # Errors
    /// 404 as SDMX-ML where there is no observation.
    pub(super) fn next(&mut self, c: &mut Conn, actor: &Actor) -> Result<Option<Bytes>> {
        if self.areas.is_none() {
            self.areas = Some(table::areas(c)?.into());
        }
        while let Some(area) = self.areas.as_mut().and_then(VecDeque::pop_front) {
            let observed = observations::of_area(c, actor, &area, &self.selection)?;
            if !observed.is_empty() {
                return self.piece(actor, &observed).map(Some);
            }
        }
        match &self.written {
            Written::Csv(_) => Ok(None),
            Written::Ml(_) if !self.begun => Err(no_data().into()),
            Written::Ml(_) if self.ended => Ok(None),
            Written::Ml(layout) => {
                self.ended = true;
                layout.tail().map(|tail| Some(tail.into()))
            }
        }
    }

    fn piece(&mut self, actor: &Actor, observed: &[Observation]) -> Result<Bytes> {
        let first = !std::mem::replace(&mut self.begun, true);
        let mut piece = match &self.written {
            Written::Csv(columns) if first => csv::head(columns)?,
            Written::Ml(layout) if first => layout.head(&actor.request_id, actor.now)?,
            _ => Vec::new(),
        };
        match &self.written {
            Written::Csv(columns) => csv::append(&mut piece, columns, observed)?,
            Written::Ml(layout) => piece.append(&mut layout.part(observed)?),
        }
        Ok(piece.into())
    }
}

/// Nothing published fits (SDMX REST 1.5, status 404).
fn no_data() -> Problem {
    Problem::new(codes::NOT_FOUND).saying(
        "Chưa có số liệu đã công bố nào khớp khoá và điều kiện này. Hãy bớt điều kiện; «/sdmx/v2/availability/dataflow/BINHDANG/DF_GE» cho biết hiện có số liệu của những mã nào.",
        "No published data fit this key and these conditions. Ask for less exact ones; /sdmx/v2/availability/dataflow/BINHDANG/DF_GE tells of which codes there are data.",
    )
}
