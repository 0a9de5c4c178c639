//! Whom an address stands for.

use std::net::{IpAddr, Ipv6Addr};

/// The client behind `address`, for limits: the address itself, or of IPv6 the network of 64 bits
/// within which one machine takes whatever address it likes (RFC 8981).
pub fn network_of(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() >> 64 << 64).into(),
        address => address,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_network_of_64_bits_is_one_client_and_an_address_of_ipv4_is_one_however_written() {
        for (one, other, same) in [
            ("2001:db8:1:2::1", "2001:db8:1:2:ffff::7", true),
            ("2001:db8:1:2::1", "2001:db8:1:3::1", false),
            ("192.0.2.7", "::ffff:192.0.2.7", true),
            ("192.0.2.7", "192.0.2.8", false),
            ("::ffff:192.0.2.7", "::ffff:192.0.2.8", false),
        ] {
            let [one_network, other_network] = [one, other].map(|a| network_of(a.parse().unwrap()));
            assert_eq!(one_network == other_network, same, "{one} {other}");
        }
    }
}
