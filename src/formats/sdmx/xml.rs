//! A thin hand over the library that writes XML: elements by name, texts escaped.

use crate::problem::{Error, Result};
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};

/// The namespaces of SDMX-ML 2.1.
pub(super) const MESSAGE: (&str, &str) = ("xmlns:mes", "http://www.sdmx.org/resources/sdmxml/schemas/v2_1/message");
pub(super) const COMMON: (&str, &str) = ("xmlns:com", "http://www.sdmx.org/resources/sdmxml/schemas/v2_1/common");
pub(super) const STRUCTURES: (&str, &str) = ("xmlns:str", "http://www.sdmx.org/resources/sdmxml/schemas/v2_1/structure");
pub(super) const GENERIC: (&str, &str) = ("xmlns:gen", "http://www.sdmx.org/resources/sdmxml/schemas/v2_1/data/generic");
pub(super) const SPECIFIC: (&str, &str) = ("xmlns:ss", "http://www.sdmx.org/resources/sdmxml/schemas/v2_1/data/structurespecific");
pub(super) const INSTANCE: (&str, &str) = ("xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance");

/// Attributes, by name.
pub(super) type Attributes<'a> = &'a [(&'a str, &'a str)];

/// XML that is being written.
pub(super) struct Xml(Writer<Vec<u8>>);

impl Xml {
    /// Nothing yet, or a part of a document.
    pub(super) fn part() -> Self {
        Self(Writer::new(Vec::new()))
    }

    /// The beginning of a document.
    pub(super) fn document() -> Result<Self> {
        let mut xml = Self::part();
        xml.event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
        Ok(xml)
    }

    fn event(&mut self, event: Event<'_>) -> Result<()> {
        self.0.write_event(event).map_err(Error::internal)
    }

    /// The beginning of an element.
    pub(super) fn open(&mut self, name: &str, attributes: Attributes<'_>) -> Result<()> {
        self.event(Event::Start(BytesStart::new(name).with_attributes(attributes.iter().copied())))
    }

    /// The end of an element.
    pub(super) fn close(&mut self, name: &str) -> Result<()> {
        self.event(Event::End(BytesEnd::new(name)))
    }

    /// An element without content.
    pub(super) fn empty(&mut self, name: &str, attributes: Attributes<'_>) -> Result<()> {
        self.event(Event::Empty(BytesStart::new(name).with_attributes(attributes.iter().copied())))
    }

    /// An element with a text in it.
    pub(super) fn text(&mut self, name: &str, attributes: Attributes<'_>, text: &str) -> Result<()> {
        self.open(name, attributes)?;
        self.event(Event::Text(BytesText::new(text)))?;
        self.close(name)
    }

    /// An element with others in it.
    pub(super) fn around(&mut self, name: &str, attributes: Attributes<'_>, within: impl FnOnce(&mut Self) -> Result<()>) -> Result<()> {
        self.open(name, attributes)?;
        within(self)?;
        self.close(name)
    }

    /// A reference to a maintainable artefact.
    pub(super) fn reference(&mut self, within: &str, attributes: Attributes<'_>) -> Result<()> {
        self.around(within, &[], |xml| xml.empty("Ref", attributes))
    }

    /// What was written.
    pub(super) fn into_bytes(self) -> Vec<u8> {
        self.0.into_inner()
    }
}
