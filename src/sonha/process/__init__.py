"""Engine 1: processes as versioned data. Imports foundation; imported by services, office, sectors and channels."""
