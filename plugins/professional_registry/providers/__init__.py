"""Sources that are asked over the network, one file each, behind `provider.Provider`."""
