//! Content codings (RFC 9110 section 8.4) of the handlers' answers: each is applied once to an answer and kept with it,
//! not at every request. What else is sent, such as Swagger UI, is coded by the compressing layer, which leaves alone what
//! is coded already.

use super::version;
use actix_web::HttpRequest;
use actix_web::http::Method;
use actix_web::http::header::{self, AcceptEncoding, ContentEncoding, Encoding, Header};
use bytes::Bytes;
use std::io::{Read, Write};

/// How many codings there are besides none.
pub const CODINGS: usize = 4;

/// The coding that the compressing layer would choose for this request.
#[must_use]
pub fn asked(request: &HttpRequest) -> ContentEncoding {
    if !request.headers().contains_key(header::ACCEPT_ENCODING) {
        return ContentEncoding::Identity;
    }
    let supported = [Encoding::identity(), Encoding::brotli(), Encoding::gzip(), Encoding::deflate(), Encoding::zstd()];
    match AcceptEncoding::parse(request).ok().and_then(|accepted| accepted.negotiate(supported.iter())) {
        Some(Encoding::Known(coding)) => coding,
        _ => ContentEncoding::Identity,
    }
}

/// In which form a request wants its answer.
pub struct Wanted {
    /// The coding.
    pub coding: ContentEncoding,
    /// `If-None-Match`.
    known: Option<String>,
}

impl Wanted {
    /// What a request says of it.
    #[must_use]
    pub fn of(request: &HttpRequest) -> Self {
        let known = request.headers().get(header::IF_NONE_MATCH).filter(|_| request.method() == Method::GET);
        Self { coding: asked(request), known: known.and_then(|v| v.to_str().ok()).map(str::to_owned) }
    }

    /// Whether the client has what bears this tag already.
    #[must_use]
    pub fn has(&self, etag: &str) -> bool {
        self.known.as_deref().is_some_and(|known| version::none_match_hits(known, etag))
    }
}

/// The place of a coding among those besides none.
#[must_use]
pub fn place(coding: ContentEncoding) -> Option<usize> {
    match coding {
        ContentEncoding::Brotli => Some(0),
        ContentEncoding::Gzip => Some(1),
        ContentEncoding::Deflate => Some(2),
        ContentEncoding::Zstd => Some(3),
        _ => None,
    }
}

/// A body in this coding. Takes a few milliseconds for a long one.
///
/// # Errors
/// If the coder fails, which writing to memory does not.
pub fn apply(coding: ContentEncoding, body: &[u8]) -> std::io::Result<Bytes> {
    let mut coded = Vec::with_capacity(body.len() / 4);
    match coding {
        // A level at which a long list takes about a millisecond.
        ContentEncoding::Brotli => brotli::CompressorWriter::new(&mut coded, 4096, 5, 22).write_all(body)?,
        ContentEncoding::Gzip => drop(flate2::read::GzEncoder::new(body, flate2::Compression::default()).read_to_end(&mut coded)?),
        ContentEncoding::Deflate => drop(flate2::read::ZlibEncoder::new(body, flate2::Compression::default()).read_to_end(&mut coded)?),
        ContentEncoding::Zstd => zstd::stream::copy_encode(body, &mut coded, zstd::DEFAULT_COMPRESSION_LEVEL)?,
        _ => coded.extend_from_slice(body),
    }
    // Without room to spare: it may be kept.
    Ok(coded.into_boxed_slice().into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::test::TestRequest;

    const ALL: [ContentEncoding; CODINGS] =
        [ContentEncoding::Brotli, ContentEncoding::Gzip, ContentEncoding::Deflate, ContentEncoding::Zstd];

    #[test]
    fn the_coding_asked_for() {
        assert_eq!(asked(&TestRequest::default().to_http_request()), ContentEncoding::Identity);
        for (header, coding) in [
            ("identity", ContentEncoding::Identity),
            ("br", ContentEncoding::Brotli),
            ("gzip", ContentEncoding::Gzip),
            ("gzip;q=0, deflate", ContentEncoding::Deflate),
            ("gzip;q=0.5, zstd", ContentEncoding::Zstd),
            ("compress", ContentEncoding::Identity),
        ] {
            let request = TestRequest::default().insert_header((header::ACCEPT_ENCODING, header)).to_http_request();
            assert_eq!(asked(&request), coding, "{header}");
        }
    }

    #[test]
    fn every_coding_has_a_place_and_decodes_to_what_was_coded() {
        let body = "Chỉ tiêu 1.1: tỷ lệ nữ tham gia cấp ủy. ".repeat(100).into_bytes();
        for (at, coding) in ALL.into_iter().enumerate() {
            assert_eq!(place(coding), Some(at));
            let coded = apply(coding, &body).unwrap();
            let mut plain = Vec::new();
            match coding {
                ContentEncoding::Brotli => drop(brotli::Decompressor::new(&coded[..], 4096).read_to_end(&mut plain).unwrap()),
                ContentEncoding::Gzip => drop(flate2::read::GzDecoder::new(&coded[..]).read_to_end(&mut plain).unwrap()),
                ContentEncoding::Deflate => drop(flate2::read::ZlibDecoder::new(&coded[..]).read_to_end(&mut plain).unwrap()),
                _ => plain = zstd::decode_all(&coded[..]).unwrap(),
            }
            assert_eq!(plain, body, "{coding:?}");
            assert!(coded.len() < body.len() / 2, "{coding:?}: {} bytes", coded.len());
        }
    }
}
