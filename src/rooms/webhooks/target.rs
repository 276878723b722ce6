//! Where messages may go: out, to addresses of the public internet, and never to what this machine alone can reach. An address is
//! looked at when a webhook is written, and again each time its name is resolved, by the connection that is then made: a name that
//! stands for another address a moment later leads nowhere (OWASP, server-side request forgery).
//!
//! Source: IANA's registries of special-purpose addresses (RFC 6890).

use crate::auth::address::AddressRange;
use crate::problem::{FieldError, codes};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::LazyLock;
use url::{Host, Url};

/// What is no address of the public internet.
const SPECIAL: [&str; 18] = [
    "0.0.0.0/8",
    "10.0.0.0/8",
    "100.64.0.0/10",
    "127.0.0.0/8",
    "169.254.0.0/16",
    "172.16.0.0/12",
    "192.0.0.0/24",
    "192.0.2.0/24",
    "192.88.99.0/24",
    "192.168.0.0/16",
    "198.18.0.0/15",
    "198.51.100.0/24",
    "203.0.113.0/24",
    "224.0.0.0/4",
    "240.0.0.0/4",
    "2001::/23",
    "2001:db8::/32",
    "3fff::/20",
];

/// Of IPv6, what is assigned to the public internet at all (RFC 4291, section 2.4; IANA's registry of its address space).
const GLOBAL_UNICAST: u16 = 0x2000;

static RANGES: LazyLock<Vec<AddressRange>> = LazyLock::new(|| SPECIAL.iter().filter_map(|text| AddressRange::parse(text)).collect());

/// Names that stand for this machine or its network, whatever they resolve to (RFC 6761, RFC 6762, RFC 8375).
const LOCAL_NAMES: [&str; 5] = ["localhost", "local", "internal", "home.arpa", "localdomain"];

/// Whether an address is one of the public internet. One that leads on to an IPv4 address is judged by that.
pub(super) fn is_public(address: IpAddr) -> bool {
    let plain = match address.to_canonical() {
        IpAddr::V6(six) => embedded(six).map_or(IpAddr::V6(six), IpAddr::V4),
        four => four,
    };
    let assigned = match plain {
        IpAddr::V6(six) => six.segments()[0] & 0xe000 == GLOBAL_UNICAST,
        IpAddr::V4(_) => true,
    };
    assigned && !RANGES.iter().any(|range| range.contains(plain))
}

/// The IPv4 address to which an IPv6 address is translated or tunnelled: IPv4-compatible (RFC 4291), NAT64 (RFC 6052), 6to4 (RFC 3056).
fn embedded(address: Ipv6Addr) -> Option<Ipv4Addr> {
    let [a, b, c, d, e, f, g, h] = address.segments();
    let four = |high: u16, low: u16| Ipv4Addr::from_bits(u32::from(high) << 16 | u32::from(low));
    match (a, b) {
        (0x64, 0xff9b) if [c, d, e, f] == [0; 4] => Some(four(g, h)),
        (0x2002, _) => Some(four(b, c)),
        (0, 0) if [c, d, e, f] == [0; 4] && (g, h) != (0, 0) && (g, h) != (0, 1) => Some(four(g, h)),
        _ => None,
    }
}

/// An address to which messages may be sent, as it is kept.
///
/// # Errors
/// What is wrong with it, at `/url`.
pub(super) fn read(text: &str, allow_private: bool) -> Result<Url, FieldError> {
    let malformed = || {
        FieldError::new("/url", codes::FIELD_FORMAT).saying(
            "Cần một địa chỉ bắt đầu bằng «https://» hoặc «http://», không kèm tên và mật khẩu.",
            "Must be an address that begins with https:// or http://, without a name and a password.",
        )
    };
    let url = Url::parse(text).map_err(|_| malformed())?;
    if !matches!(url.scheme(), "https" | "http") || !url.username().is_empty() || url.password().is_some() || url.fragment().is_some() {
        return Err(malformed());
    }
    let inside = match url.host() {
        None => return Err(malformed()),
        Some(Host::Ipv4(address)) => !is_public(address.into()),
        Some(Host::Ipv6(address)) => !is_public(address.into()),
        Some(Host::Domain(name)) => is_local(name),
    };
    if inside && !allow_private { Err(FieldError::new("/url", codes::WEBHOOK_ADDRESS)) } else { Ok(url) }
}

fn is_local(name: &str) -> bool {
    let name = name.trim_end_matches('.').to_ascii_lowercase();
    // A name without a point is one of the local network.
    !name.contains('.') || LOCAL_NAMES.iter().any(|local| name.ends_with(&format!(".{local}")))
}

/// Resolves names to addresses to which messages may be sent.
pub(super) struct PublicOnly {
    pub allow_private: bool,
}

/// A name that stands for no address to which a message may be sent.
#[derive(Debug, thiserror::Error)]
#[error("no public address")]
pub(super) struct NoPublicAddress;

impl Resolve for PublicOnly {
    fn resolve(&self, name: Name) -> Resolving {
        let allow_private = self.allow_private;
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await.map_err(|_| NoPublicAddress)?;
            let fit: Vec<SocketAddr> = found.filter(|address| allow_private || is_public(address.ip())).collect();
            if fit.is_empty() {
                return Err(NoPublicAddress.into());
            }
            let addresses: Addrs = Box::new(fit.into_iter());
            Ok(addresses)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_range_is_one() {
        assert_eq!(RANGES.len(), SPECIAL.len());
    }

    #[test]
    fn what_this_machine_alone_can_reach_is_not_public() {
        for inside in [
            "127.0.0.1",
            "127.8.9.1",
            "0.0.0.0",
            "10.1.2.3",
            "172.31.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.100.0.1",
            "224.0.0.1",
            "255.255.255.255",
            "::1",
            "::",
            "fe80::1",
            "fd00::1",
            "ff02::1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "::7f00:1",
            "64:ff9b::7f00:1",
            "64:ff9b::a9fe:a9fe",
            "2002:7f00:1::",
            "2001:db8::1",
            "fec0::1",
            "100::1",
            "5f00::1",
            "::ffff:0:127.0.0.1",
        ] {
            assert!(!is_public(inside.parse().unwrap()), "{inside}");
        }
        for outside in ["8.8.8.8", "203.162.4.1", "172.32.0.1", "2606:4700::1111", "64:ff9b::808:808", "2002:808:808::"] {
            assert!(is_public(outside.parse().unwrap()), "{outside}");
        }
    }

    #[test]
    fn an_address_is_read_once_and_for_all() {
        for good in ["https://example.org/hook?x=1", "http://203.162.4.1:8080/", "https://[2606:4700::1111]/"] {
            assert!(read(good, false).is_ok(), "{good}");
        }
        for inside in [
            "http://127.0.0.1/",
            "http://localhost:8080/",
            "https://LOCALHOST./",
            "http://a.localhost/",
            "http://intranet/",
            "http://db.internal/",
            "http://0x7f000001/",
            "http://2130706433/",
            "http://0177.0.0.1/",
            "http://[::1]/",
            "http://[::ffff:7f00:1]/",
            "http://169.254.169.254/latest",
        ] {
            assert_eq!(read(inside, false).unwrap_err().code, codes::WEBHOOK_ADDRESS, "{inside}");
            assert!(read(inside, true).is_ok(), "{inside}");
        }
        for wrong in [
            "ftp://example.org/",
            "file:///etc/passwd",
            "https://",
            "https://user:pw@example.org/",
            "https://example.org/#x",
            "example.org",
        ] {
            assert_eq!(read(wrong, true).unwrap_err().code, codes::FIELD_FORMAT, "{wrong}");
        }
    }
}
