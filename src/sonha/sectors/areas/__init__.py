"""Administrative areas on the map: boundaries of communes, districts and the province with their days, and what became of old ones.

Codes and names are those of foundation.organisations; here they get a place. Imported by sectors that ask where something lies.
"""
