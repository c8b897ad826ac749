"""How people reach the platform: portal for citizens, workspace for officials. Imports everything below; imported by nothing but operations."""
