//! What a dimension must be, and what of it may not change once figures bear it.

use super::usage::Usage;
use crate::db;
use crate::problem::{Faults, FieldError, Result, codes};
use crate::rooms::indicators::indicator_summary::DimensionValue;
use std::collections::HashSet;

/// Each value has a code of its own.
///
/// # Errors
/// 422 at every code that an earlier value has.
pub fn distinct(values: &[DimensionValue]) -> Result<()> {
    let mut faults = Faults::default();
    let mut seen = HashSet::new();
    for (at, value) in values.iter().enumerate() {
        if !seen.insert(value.code.as_str()) {
            let code = &value.code;
            faults.add(FieldError::new(format!("/values/{at}/code"), codes::FIELD_VALUE).saying(
                format!("Giá trị «{code}» đã có trong phân tổ này. Hãy bỏ một dòng."),
                format!("The value '{code}' is in this dimension already. Leave one out."),
            ));
        }
    }
    faults.check()
}

/// Figures name a dimension and its values by their codes: those that figures bear must stay.
///
/// # Errors
/// 409 `disaggregation.in_use` with the number of figures that would lose their dimension or value.
pub fn keeps_data(before: &str, after: &str, values: &[DimensionValue], usage: &Usage) -> Result<()> {
    let lost = if before == after { usage.without(values.iter().map(|v| v.code.as_str())) } else { usage.total() };
    db::in_use(codes::DISAGGREGATION_IN_USE, &[("observations", lost)])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::values::text::Bilingual;

    fn values(codes: &[&str]) -> Vec<DimensionValue> {
        codes.iter().map(|c| DimensionValue { code: (*c).to_owned(), name: Bilingual::new(*c, *c), active: true }).collect()
    }

    fn pointers(result: Result<()>) -> Vec<String> {
        result.err().map(|e| e.into_problem().errors().iter().map(|e| e.pointer.clone()).collect()).unwrap_or_default()
    }

    #[test]
    fn each_value_has_a_code_of_its_own() {
        assert!(distinct(&values(&["male", "female"])).is_ok());
        assert_eq!(pointers(distinct(&values(&["male", "female", "male", "female"]))), ["/values/2/code", "/values/3/code"]);
    }

    #[test]
    fn what_has_data_stays() {
        let usage = Usage::counted("sex", [(r#"{"sex":"female"}"#, 3), (r#"{"age_group":"female","sex":"male"}"#, 2)]).expect("JSON");
        assert!(keeps_data("sex", "sex", &values(&["female", "male"]), &usage).is_ok());
        assert!(keeps_data("sex", "sex", &values(&["female", "male", "other"]), &usage).is_ok());
        let refused = keeps_data("sex", "sex", &values(&["female"]), &usage).expect_err("male has data").into_problem();
        assert_eq!(refused.code().code, "disaggregation.in_use");
        assert!(keeps_data("sex", "gender", &values(&["female", "male"]), &usage).is_err(), "figures name the dimension");
        let none = Usage::counted("sex", [(r#"{"age_group":"sex"}"#, 3)]).expect("JSON");
        assert!(keeps_data("sex", "gender", &[], &none).is_ok(), "a value of another dimension is no use of this one");
    }
}
