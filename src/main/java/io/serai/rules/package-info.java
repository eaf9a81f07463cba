/** Rules as people write them, YAML and CEL, compiled to the allocator's functions. */
package io.serai.rules;
