//! A set of addresses as an administrator writes it: one address, or a network in CIDR form.
//!
//! It does not resolve names: an allow list that depends on DNS is no allow list.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

use thiserror::Error;

/// One IPv4 or IPv6 address, or a network of them: `192.0.2.7`, `10.0.0.0/8`, `2001:db8::/32`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct AddressRange {
    network: IpAddr,
    prefix: u8,
}

/// Why a text is not an [`AddressRange`]; each message holds the cure.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum AddressError {
    /// The part before the slash is not an address.
    #[error("{0:?} is not an IP address; write one such as 192.0.2.7, 10.0.0.0/8 or 2001:db8::/32")]
    Address(String),
    /// The part after the slash is not a prefix length.
    #[error(
        "{text:?} has no valid prefix length; write a number from 0 to {longest} after the slash"
    )]
    Prefix {
        /// The text as written.
        text: String,
        /// The number of bits of the address.
        longest: u8,
    },
    /// Bits are set beyond the prefix, so it is unclear whether a host or a network is meant.
    #[error(
        "{text:?} is a host within a network; write {network} for the whole network or {host} for the host"
    )]
    HostBits {
        /// The text as written.
        text: String,
        /// The network that holds the host.
        network: AddressRange,
        /// The host alone.
        host: IpAddr,
    },
}

impl AddressRange {
    /// Whether `address` is in the range. An IPv4 address that arrives in IPv6 form
    /// (`::ffff:192.0.2.7`, as on a socket for both) is taken as IPv4.
    pub fn contains(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        address.is_ipv4() == self.network.is_ipv4() && masked(address, self.prefix) == self.network
    }

    /// The network whose addresses are one sender's: whoever has an IPv6 address has the 64 bits behind
    /// its network (RFC 4291 §2.5.1); an IPv4 address stands for itself.
    pub fn of_sender(address: IpAddr) -> Self {
        let address = address.to_canonical();
        let prefix = if address.is_ipv4() { 32 } else { 64 };
        AddressRange { network: masked(address, prefix), prefix }
    }

    fn is_host(&self) -> bool {
        self.prefix == longest(self.network)
    }
}

impl From<IpAddr> for AddressRange {
    fn from(address: IpAddr) -> Self {
        let network = address.to_canonical();
        AddressRange { network, prefix: longest(network) }
    }
}

impl FromStr for AddressRange {
    type Err = AddressError;

    fn from_str(text: &str) -> Result<Self, AddressError> {
        let text = text.trim();
        let (address, prefix) = match text.split_once('/') {
            Some((address, prefix)) => (address, Some(prefix)),
            None => (text, None),
        };
        let host: IpAddr = address.parse().map_err(|_| AddressError::Address(text.to_owned()))?;
        let Some(prefix) = prefix else {
            return Ok(host.into());
        };
        let longest = longest(host);
        let digits = !prefix.is_empty() && prefix.bytes().all(|byte| byte.is_ascii_digit());
        let prefix = prefix.parse::<u8>().ok().filter(|prefix| digits && *prefix <= longest);
        let Some(prefix) = prefix else {
            return Err(AddressError::Prefix { text: text.to_owned(), longest });
        };
        let range = AddressRange { network: masked(host, prefix), prefix };
        if range.network != host {
            return Err(AddressError::HostBits { text: text.to_owned(), network: range, host });
        }
        Ok(range)
    }
}

impl fmt::Display for AddressRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_host() {
            write!(f, "{}", self.network)
        } else {
            write!(f, "{}/{}", self.network, self.prefix)
        }
    }
}

fn longest(address: IpAddr) -> u8 {
    if address.is_ipv4() { 32 } else { 128 }
}

/// `address` with every bit after the first `prefix` cleared.
fn masked(address: IpAddr, prefix: u8) -> IpAddr {
    match address {
        IpAddr::V4(v4) => {
            let mask = u32::MAX.checked_shl(32 - u32::from(prefix)).unwrap_or(0);
            IpAddr::V4((v4.to_bits() & mask).into())
        }
        IpAddr::V6(v6) => {
            let mask = u128::MAX.checked_shl(128 - u32::from(prefix)).unwrap_or(0);
            IpAddr::V6((v6.to_bits() & mask).into())
        }
    }
}

/// Whether a URL's host is this machine by its name: `localhost`, a name below it, or an address.
pub fn is_loopback_name(host: &str) -> bool {
    let address = host.trim_matches(['[', ']']).parse::<IpAddr>();
    host == "localhost"
        || host.ends_with(".localhost")
        || address.is_ok_and(|address| address.to_canonical().is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn range(text: &str) -> AddressRange {
        text.parse().unwrap()
    }

    fn holds(text: &str, address: &str) -> bool {
        range(text).contains(address.parse().unwrap())
    }

    #[test]
    fn an_address_holds_itself_alone() {
        assert!(holds("192.0.2.7", "192.0.2.7"));
        assert!(!holds("192.0.2.7", "192.0.2.8"));
        assert!(holds("::1", "::1"));
        assert!(!holds("::1", "127.0.0.1"));
    }

    #[test]
    fn a_network_holds_its_first_and_its_last_address_and_no_neighbour() {
        assert!(holds("10.0.0.0/8", "10.0.0.0"));
        assert!(holds("10.0.0.0/8", "10.255.255.255"));
        assert!(!holds("10.0.0.0/8", "11.0.0.0"));
        assert!(!holds("10.0.0.0/8", "9.255.255.255"));
        assert!(holds("2001:db8::/32", "2001:db8:ffff::1"));
        assert!(!holds("2001:db8::/32", "2001:db9::"));
    }

    #[test]
    fn a_prefix_of_zero_holds_its_own_family_only() {
        assert!(holds("0.0.0.0/0", "203.0.113.9"));
        assert!(!holds("0.0.0.0/0", "2001:db8::1"));
        assert!(holds("::/0", "2001:db8::1"));
    }

    #[test]
    fn an_ipv4_address_in_ipv6_form_is_taken_as_ipv4() {
        assert!(holds("192.0.2.0/24", "::ffff:192.0.2.7"));
        assert!(!holds("::/0", "::ffff:192.0.2.7"));
    }

    #[test]
    fn a_sender_is_an_ipv4_address_or_a_network_of_64_bits() {
        let sender = |address: &str| AddressRange::of_sender(address.parse().unwrap()).to_string();
        assert_eq!(sender("192.0.2.7"), "192.0.2.7");
        assert_eq!(sender("::ffff:192.0.2.7"), "192.0.2.7");
        for address in
            ["2001:db8:1:2::", "2001:db8:1:2:3:4:5:6", "2001:db8:1:2:ffff:ffff:ffff:ffff"]
        {
            assert_eq!(sender(address), "2001:db8:1:2::/64", "{address}");
        }
        assert_ne!(sender("2001:db8:1:3::1"), sender("2001:db8:1:2::1"));
    }

    #[test]
    fn reads_back_what_it_prints() {
        for text in ["192.0.2.7", "10.0.0.0/8", "2001:db8::/32", "::1", "0.0.0.0/0"] {
            assert_eq!(range(text).to_string(), text);
        }
        assert_eq!(range(" 192.0.2.7/32 ").to_string(), "192.0.2.7");
    }

    #[test]
    fn refuses_a_host_within_a_network_and_names_both_meanings() {
        let error = "10.1.2.3/8".parse::<AddressRange>().unwrap_err().to_string();
        assert!(error.contains("10.0.0.0/8") && error.contains("10.1.2.3 for the host"), "{error}");
    }

    #[test]
    fn refuses_what_is_no_address_or_no_prefix() {
        for text in ["", "localhost", "10.0.0", "10.0.0.0/8/8", "010.0.0.1"] {
            let error = text.parse::<AddressRange>().unwrap_err();
            assert!(
                matches!(error, AddressError::Address(_) | AddressError::Prefix { .. }),
                "{text}: {error:?}"
            );
        }
        for text in ["10.0.0.0/33", "10.0.0.0/", "10.0.0.0/+8", "::/129", "10.0.0.0/-1"] {
            let error = text.parse::<AddressRange>().unwrap_err();
            assert!(matches!(error, AddressError::Prefix { .. }), "{text}: {error:?}");
        }
    }
}
