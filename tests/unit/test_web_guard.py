from __future__ import annotations

import pytest

from qa.errors import NetworkError
from qa.ingest.web import Web
from qa.ingest.web_guard import is_public, public


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "127.8.8.8", "10.0.0.1", "172.16.5.5", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0"),
        *("224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255", "192.0.2.1", "198.18.0.1"),
        *("::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "fd00:ec2::254", "ff02::1", "fec0::1", "2001:db8::1"),
        *("::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:0.0.0.0", "::127.0.0.1", "::ffff:0:127.0.0.1"),
        *("64:ff9b::7f00:1", "64:ff9b::10.0.0.1", "64:ff9b:1::808:808", "64:ff9b:1:fffe::a00:1", "2001:470:64::10.0.0.1"),
        *("2002:7f00:1::", "2002:a9fe:a9fe::", "2001:0:4136:e378:8000:63bf:80ff:fffe", "2001:0:a00:1::1"),
        *("2001:4860::5efe:127.0.0.1", "2001:4860::200:5efe:10.0.0.1", "fe80::5efe:8.8.8.8"),
        *("0.1.2.3", "192.0.0.8", "192.88.99.1", "198.51.100.1", "203.0.113.9", "3fff::1", "5f00::1", "100::1", "2001:2::1"),
    ],
)
def test_an_address_that_is_not_public_is_known_as_such(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        *("8.8.8.8", "93.184.216.34", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808", "2002:808:808::1"),
        *("2001:4860::5efe:8.8.8.8", "2a00:1450:4001:830::200e", "2606:4700::6810:84e5", "2620:0:862:ed1a::1"),
    ],
)
def test_a_public_address_is_known_as_such(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "host", ["localhost", "127.0.0.1", "127.1", "2130706433", "0x7f000001", "0", "0177.0.0.1", "0x7f.1", "00"]
)
def test_a_name_or_number_is_judged_by_the_address_it_leads_to(host: str) -> None:
    with pytest.raises(NetworkError) as error:
        public(host, 80)
    assert "no public address" in error.value.message
    assert "--allow-private" in error.value.hint


@pytest.mark.parametrize(
    "url",
    [
        *("http://127.0.0.1:9/", "http://LOCALHOST:9/", "http://[::1]:9/", "http://[::ffff:127.0.0.1]:9/", "http://[::]:9/"),
        *("http://8.8.8.8@127.0.0.1:9/", "http://user:pw@127.0.0.1:9/", "http://127.0.0.1:9\\@8.8.8.8/", "http://0177.0.0.1:9/"),
    ],
)
def test_a_private_address_is_refused_before_anything_is_sent(url: str) -> None:
    with pytest.raises(NetworkError) as error:
        Web().get(url, 1000)
    assert "no public address" in error.value.message


@pytest.mark.parametrize(
    "url",
    [
        *(f"http://{'a' * 64}.org/", "http://a..b/", "http://xn--a/", "http://①②⑦.⓪.⓪.①:9/", "http://１２７.０.０.１:9/"),
        *("http://localhost.:9/", "http://127.0.0.1.:9/", "http://127。0。0。1:9/", "http://127.0.0.1%00.example.org:9/"),
    ],
)
def test_a_name_that_can_be_none_is_an_error_in_words(url: str) -> None:
    with pytest.raises(NetworkError):
        Web().get(url, 1000)
