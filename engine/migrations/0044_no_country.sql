-- The lists that tell countries name Australia for documentation's ranges; what is nobody's on the internet is in none.
update attackers set country = null, asn = null, as_name = null
 where country is not null
   and network in ('private', 'loopback', 'link-local', 'shared', 'documentation', 'benchmarking', 'multicast', 'reserved');
