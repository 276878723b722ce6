//! What the plan's own definitions imply of its figures: rules that tie them together, and between which values each is
//! believable. The printed plan does not say it in so many words; the reasons stand beside each.

use serde_json::{Value, json};

/// The least and the greatest believable value of an indicator, in its unit of measure; null where its definition says all.
pub(super) fn plausible(indicator: &str) -> Value {
    let (min, max) = match indicator {
        // The national survey of 2022 found some 1.76; half as much work as men's, or five times as much, is a slip of hours.
        "3.1" => (json!(0.5), json!(5)),
        // By nature 104 to 106. Few births swing widely, but beyond this boys and girls were rather exchanged.
        "4.1" => (json!(80), json!(140)),
        // One death among a few hundred births is already a value in the hundreds; above this the births are not complete.
        "4.2" => (Value::Null, json!(1000)),
        // The plan starts from 55; three times as much means that not all women of the age were counted.
        "4.3" => (Value::Null, json!(150)),
        // A cohort loses and gains children who move, but neither half of them nor a fifth.
        "5.2a" | "5.2b" => (json!(50), json!(120)),
        // The plan asks for 4 items a quarter; one a day is all that a ward can broadcast.
        "6.3" => (Value::Null, json!(92)),
        _ => return Value::Null,
    };
    json!({"min": min, "max": max, "max_factor": null})
}

/// The rules that tie figures of one report together.
pub(super) fn validation_rules() -> Value {
    let term = |indicator: &str, part: &str| json!({"indicator": indicator, "part": part});
    json!([
        // Both count the children born alive in the period: 4.1 by sex, 4.2 as a whole.
        {"code": "VR1", "left": [term("4.1", "numerator"), term("4.1", "denominator")], "operator": "eq",
            "right": [term("4.2", "denominator")],
            "message": {"vi": "Số bé trai và bé gái sinh ra sống (4.1) cộng lại phải bằng số trẻ sinh ra sống (mẫu số của 4.2).",
                "en": "The boys and girls born alive (4.1) must add up to the children born alive (the denominator of 4.2)."}},
        // Both are shares of the employed women.
        {"code": "VR2", "left": [term("2.1", "denominator")], "operator": "eq", "right": [term("2.2", "denominator")],
            "message": {"vi": "Tổng số lao động nữ có việc làm phải như nhau ở 2.1 và 2.2 (cùng là mẫu số).",
                "en": "The number of employed women must be the same in 2.1 and 2.2 (the denominator of both)."}},
    ])
}
