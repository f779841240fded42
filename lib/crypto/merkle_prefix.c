#include "lib/crypto/merkle_prefix.h"

int
merkle_prefix_append(struct merkle_prefix *prefix,
    const uint8_t leaf_hash[MERKLE_HASH_BYTES], struct error *err)
{
	const struct merkle_nodes nodes = merkle_edge_nodes(&prefix->edge);

	if (merkle_append(&nodes, prefix->size, leaf_hash, err) != 0)
		return -1;
	prefix->size++;
	return 0;
}

int
merkle_prefix_root(const struct merkle_prefix *prefix,
    uint8_t ret_root[MERKLE_HASH_BYTES], struct error *err)
{
	struct merkle_edge edge = prefix->edge;
	const struct merkle_nodes nodes = merkle_edge_nodes(&edge);

	return merkle_root(&nodes, prefix->size, ret_root, err);
}
