"""How people reach the platform: portal for citizens, workspace for officials who handle dossiers,
administration for those who set the system up.

Imports everything below; imported by nothing but operations."""
