//! A unit's answers to the questions of its period: pure but for who may read them.

use super::findings::Finding;
use super::scope;
use super::table::ReportRow;
use super::wire::{Answers, Narrative, ReportIn};
use crate::actor::Actor;
use crate::problem::{Faults, FieldError, Result, Said, codes, said, words};
use crate::rooms::periods::{AnswerValue, Question, QuestionType};
use serde::{Serialize, Serializer};
use serde_json::json;
use std::collections::BTreeMap;

fn asked<'a>(questions: &'a [Question], code: &str) -> Option<&'a Question> {
    questions.iter().find(|question| question.code == code)
}

/// Whether an answer points at persons. What is not known is taken for it.
fn restricts(questions: &[Question], code: &str) -> bool {
    asked(questions, code).is_none_or(|question| question.restricted)
}

/// Goes on only if each answers a question of the period in the way it wants.
///
/// # Errors
/// 422 with all that do not.
pub(super) fn check(questions: &[Question], given: &Answers) -> Result<()> {
    let mut faults = Faults::default();
    for (code, answer) in given {
        let pointer = format!("/answers/{}", code.replace('~', "~0").replace('/', "~1"));
        match asked(questions, code) {
            None => faults.add(FieldError::new(pointer, codes::FIELD_UNKNOWN).told(unasked(questions, code))),
            Some(question) if question.kind != answer.kind() => {
                faults.add(FieldError::new(pointer, codes::FIELD_TYPE).told(wrong_kind(question)));
            }
            Some(_) => {}
        }
    }
    faults.check()
}

/// A question before what there is to say of it.
fn named(question: &Question) -> Said {
    let (code, text) = (&question.code, Said::from(&question.text));
    said(format!("Câu hỏi «{code}» ({}):", text.vi), format!("Question '{code}' ({}):", text.en))
}

fn unasked(questions: &[Question], code: &str) -> Said {
    if questions.is_empty() {
        return said(
            format!("Kỳ này không hỏi câu nào, kể cả «{code}». Hãy bỏ câu trả lời này."),
            format!("This period asks no questions, so not '{code}' either. Leave the answer out."),
        );
    }
    let asked = words::listed(questions.iter().map(|question| words::value(&question.code, &Said::from(&question.text))));
    said(
        format!("Kỳ này không có câu hỏi «{code}». Các câu hỏi: {}.", asked.vi),
        format!("This period has no question '{code}'. It asks: {}.", asked.en),
    )
}

fn wrong_kind(question: &Question) -> Said {
    let wanted = match question.kind {
        QuestionType::Number => said("cần một con số.", "its answer is a number."),
        QuestionType::Text => said("cần câu trả lời bằng chữ.", "its answer is a text."),
        QuestionType::Boolean => said("cần trả lời có («true») hoặc không («false»).", "its answer is true or false."),
    };
    named(question).and(&wanted)
}

/// The required questions that nobody has answered.
pub(super) fn missing<'a>(questions: &'a [Question], given: &'a Answers) -> impl Iterator<Item = Finding> + 'a {
    questions.iter().filter(|question| question.required && !given.contains_key(&question.code)).map(|question| Finding {
        detail: named(question).and(&codes::ANSWER_MISSING.cure()),
        question: Some(question.code.clone()),
        ..Finding::of_report(codes::ANSWER_MISSING)
    })
}

/// Whether there are answers among them that point at persons.
pub(super) fn holds_restricted(questions: &[Question], given: &Answers) -> bool {
    given.keys().any(|code| restricts(questions, code))
}

/// As the caller may see them: without those that point at persons, unless they are shown to him.
pub(super) fn shown(actor: &Actor, row: &ReportRow, questions: &[Question], mut given: Answers) -> Answers {
    if !scope::shows_restricted(actor, &row.jurisdiction, &row.unit_id) {
        given.retain(|code, _| !restricts(questions, code));
    } else if !actor.caller.as_ref().is_some_and(|c| c.belongs_to(&row.unit_id)) {
        for code in given.keys().filter(|code| restricts(questions, code)) {
            actor.reads_exactly("report", row.id.as_str(), &row.jurisdiction, code);
        }
    }
    given
}

/// What a report says in words and answers, as the audit trail tells it, whose readers need not have the scope.
#[derive(Debug, PartialEq, Serialize)]
pub(super) struct Audited {
    narrative: Narrative,
    answers: BTreeMap<String, AuditedAnswer>,
}

#[derive(Debug, PartialEq)]
struct AuditedAnswer {
    value: AnswerValue,
    restricted: bool,
}

impl Audited {
    pub(super) fn of(questions: &[Question], said: &ReportIn) -> Self {
        let answer = |(code, value): (&String, &AnswerValue)| {
            (code.clone(), AuditedAnswer { value: value.clone(), restricted: restricts(questions, code) })
        };
        Self { narrative: said.narrative.clone(), answers: said.answers.iter().map(answer).collect() }
    }
}

impl Serialize for AuditedAnswer {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        if self.restricted { json!({"suppressed": true}).serialize(serializer) } else { self.value.serialize(serializer) }
    }
}
