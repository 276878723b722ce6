//! Figures about the service itself, in the OpenMetrics text format.

use actix_web::http::Method;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;
use std::time::Duration;

/// What requests are counted by.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Labels {
    method: &'static str,
    status: u16,
}

/// The methods that are told apart.
const METHODS: [&str; 7] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

/// The counters of this process.
pub struct Metrics {
    registry: Registry,
    requests: Family<Labels, Counter>,
    duration: Histogram,
    running: Gauge,
    kept_answers: Counter,
}

impl Metrics {
    /// All at zero.
    #[must_use]
    pub fn new() -> Self {
        let mut registry = Registry::with_prefix("binhdang");
        let requests = Family::<Labels, Counter>::default();
        let duration = Histogram::new([0.001, 0.005, 0.02, 0.1, 0.5, 2.0, 10.0]);
        let running = Gauge::default();
        registry.register("http_requests", "Requests answered, by method and status", requests.clone());
        registry.register("http_request_duration_seconds", "Time to answer a request", duration.clone());
        registry.register("http_requests_running", "Requests being answered now", running.clone());
        let kept_answers = Counter::default();
        registry.register(
            "kept_answers",
            "Answers given out again, since nothing that they were read of had changed",
            kept_answers.clone(),
        );
        Self { registry, requests, duration, running, kept_answers }
    }

    /// A request begins.
    pub fn begin(&self) {
        self.running.inc();
    }

    /// An answer that was kept is given out.
    pub fn kept_answer(&self) {
        self.kept_answers.inc();
    }

    /// A request was answered.
    pub fn end(&self, method: &Method, status: u16, took: Duration) {
        self.running.dec();
        // Anybody may invent a method: what is none of these is one.
        let method = METHODS.into_iter().find(|m| *m == method.as_str()).unwrap_or("other");
        self.requests.get_or_create(&Labels { method, status }).inc();
        self.duration.observe(took.as_secs_f64());
    }

    /// The text for `/metrics`.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = String::new();
        // Writing to a string cannot fail.
        let _ = encode(&mut text, &self.registry);
        text
    }
}

impl Default for Metrics {
    fn default() -> Self {
        Self::new()
    }
}
