//! `/problems/{code}`: what a problem means and what to do about it, for a person who followed its `type`.

use super::codes::Code;

/// The page of a problem, in both languages.
#[must_use]
pub fn html(code: &Code) -> String {
    format!(
        "<!doctype html>\n<html lang=\"vi\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">\
         <title>{code} · Binhdang</title></head>\n<body><main>\n<h1>{title_vi}</h1>\n<p>{cure_vi}</p>\n\
         <section lang=\"en\"><h2>{title_en}</h2>\n<p>{cure_en}</p></section>\n\
         <p><code>{code}</code> · HTTP {status} · <a href=\"/docs/\">API</a></p>\n</main></body></html>\n",
        code = code.code,
        title_vi = code.title_vi,
        cure_vi = code.cure_vi,
        title_en = code.title_en,
        cure_en = code.cure_en,
        status = code.status,
    )
}
