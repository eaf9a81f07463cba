/** Stand-ins for channels and partners, honest about their bad days. */
package io.serai.simulator;
