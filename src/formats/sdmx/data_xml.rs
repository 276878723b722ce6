//! Data as SDMX-ML 2.1, generic or structure-specific: the beginning, parts of observations, the end. Observations of a series come
//! one after the other, or each stands for itself with its whole key.

use super::model::FLOW;
use super::observation::{Cell, Columns, Observation, SERIES_DIMENSIONS, Series};
use super::structure_xml::{header, of};
use super::xml::{COMMON, GENERIC, INSTANCE, MESSAGE, SPECIFIC, Xml};
use crate::formats::sdmx::urn;
use crate::problem::Result;
use crate::values::clock::UtcTime;

/// Which of the two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// Components are named by attributes: read without the structure.
    Generic,
    /// Components are attributes: shorter, read with the structure.
    Specific,
}

/// How a data message is laid out.
#[derive(Debug, Clone)]
pub struct Layout {
    /// Which form of SDMX-ML.
    pub dialect: Dialect,
    /// Whether each observation stands for itself.
    pub flat: bool,
    /// Which measures and attributes are told.
    pub columns: Columns,
    /// Whether the series alone are told, without their observations.
    pub keys_only: bool,
}

impl Layout {
    fn root(&self) -> &'static str {
        match self.dialect {
            Dialect::Generic => "mes:GenericData",
            Dialect::Specific => "mes:StructureSpecificData",
        }
    }

    fn at_observation(&self) -> &'static str {
        if self.flat { "AllDimensions" } else { "TIME_PERIOD" }
    }

    /// The beginning of a message.
    ///
    /// # Errors
    /// Internal, which writing to memory does not lead to.
    pub fn head(&self, id: &str, prepared: UtcTime) -> Result<Vec<u8>> {
        let namespace = format!("{}:ObsLevelDim:{}", urn("datastructure.Dataflow", FLOW), self.at_observation());
        let mut xml = Xml::document()?;
        match self.dialect {
            Dialect::Generic => xml.open(self.root(), &[MESSAGE, GENERIC, COMMON])?,
            Dialect::Specific => xml.open(self.root(), &[MESSAGE, SPECIFIC, COMMON, INSTANCE, ("xmlns:ns1", &namespace)])?,
        }
        xml.around("mes:Header", &[], |xml| {
            header(xml, id, prepared)?;
            let mut attributes = vec![("structureID", FLOW), ("dimensionAtObservation", self.at_observation())];
            if self.dialect == Dialect::Specific {
                attributes.push(("namespace", &namespace));
            }
            xml.around("mes:Structure", &attributes, |xml| xml.reference("com:StructureUsage", &of(FLOW, "datastructure", "Dataflow")))
        })?;
        match self.dialect {
            Dialect::Generic => xml.open("mes:DataSet", &[("structureRef", FLOW), ("action", "Information")])?,
            Dialect::Specific => {
                let set = [
                    ("ss:structureRef", FLOW),
                    ("xsi:type", "ns1:DataSetType"),
                    ("ss:dataScope", "DataStructure"),
                    ("action", "Information"),
                ];
                xml.open("mes:DataSet", &set)?;
            }
        }
        Ok(xml.into_bytes())
    }

    /// Observations, those of a series together.
    ///
    /// # Errors
    /// Internal, which writing to memory does not lead to.
    pub fn part(&self, observations: &[Observation]) -> Result<Vec<u8>> {
        let mut xml = Xml::part();
        if self.flat && !self.keys_only {
            observations.iter().try_for_each(|observation| self.observation(&mut xml, observation))?;
            return Ok(xml.into_bytes());
        }
        for series in observations.chunk_by(|a, b| a.series == b.series) {
            let Some(first) = series.first() else { continue };
            let within = |xml: &mut Xml| match self.keys_only {
                true => Ok(()),
                false => series.iter().try_for_each(|observation| self.observation(xml, observation)),
            };
            match self.dialect {
                Dialect::Generic => xml.around("gen:Series", &[], |xml| {
                    xml.around("gen:SeriesKey", &[], |xml| key(xml, &first.series))?;
                    within(xml)
                })?,
                Dialect::Specific => xml.around("Series", &codes(&first.series), within)?,
            }
        }
        Ok(xml.into_bytes())
    }

    /// The end of a message.
    ///
    /// # Errors
    /// Internal, which writing to memory does not lead to.
    pub fn tail(&self) -> Result<Vec<u8>> {
        let mut xml = Xml::part();
        xml.close("mes:DataSet")?;
        xml.close(self.root())?;
        Ok(xml.into_bytes())
    }

    fn observation(&self, xml: &mut Xml, observation: &Observation) -> Result<()> {
        match self.dialect {
            Dialect::Generic => self.generic(xml, observation),
            Dialect::Specific => {
                let period = observation.period.to_string();
                let mut attributes = if self.flat { codes(&observation.series) } else { Vec::new() };
                attributes.push(("TIME_PERIOD", &period));
                let told: Vec<(&str, String)> =
                    self.columns.0.iter().filter_map(|id| Some((*id, written(observation.cell(id)?)))).collect();
                attributes.extend(told.iter().map(|(id, text)| (*id, text.as_str())));
                xml.empty("Obs", &attributes)
            }
        }
    }

    fn generic(&self, xml: &mut Xml, observation: &Observation) -> Result<()> {
        let period = observation.period.to_string();
        xml.around("gen:Obs", &[], |xml| {
            if self.flat {
                xml.around("gen:ObsKey", &[], |xml| {
                    key(xml, &observation.series)?;
                    xml.empty("gen:Value", &[("id", "TIME_PERIOD"), ("value", &period)])
                })?;
            } else {
                xml.empty("gen:ObsDimension", &[("id", "TIME_PERIOD"), ("value", &period)])?;
            }
            if let Some(value) = observation.cell("OBS_VALUE").filter(|_| self.columns.has_value()) {
                xml.empty("gen:ObsValue", &[("value", &written(value))])?;
            }
            let told: Vec<(&str, String)> = self.columns.attributes().filter_map(|id| Some((id, written(observation.cell(id)?)))).collect();
            if told.is_empty() {
                return Ok(());
            }
            xml.around("gen:Attributes", &[], |xml| {
                told.iter().try_for_each(|(id, text)| xml.empty("gen:Value", &[("id", id), ("value", text)]))
            })
        })
    }
}

fn codes(series: &Series) -> Vec<(&str, &str)> {
    SERIES_DIMENSIONS.into_iter().zip(series.codes()).collect()
}

fn key(xml: &mut Xml, series: &Series) -> Result<()> {
    codes(series).into_iter().try_for_each(|(id, code)| xml.empty("gen:Value", &[("id", id), ("value", code)]))
}

fn written(cell: Cell<'_>) -> String {
    match cell {
        Cell::Text(text) => text.to_owned(),
        Cell::Number(number) => number.to_string(),
    }
}
