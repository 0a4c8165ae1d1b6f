<?php
// Router of PHP's own server: writes one JSON line per request, so that tests can count what a run sent.
$line = [
	'method' => $_SERVER['REQUEST_METHOD'],
	'path' => parse_url( $_SERVER['REQUEST_URI'], PHP_URL_PATH ),
	'action' => $_POST['action'] ?? $_GET['action'] ?? '',
	'agent' => $_SERVER['HTTP_USER_AGENT'] ?? '',
	'maxlag' => $_POST['maxlag'] ?? $_GET['maxlag'] ?? '',
];
file_put_contents( getenv( 'WIKIPLAN_REQUEST_LOG' ), json_encode( $line ) . "\n", FILE_APPEND | LOCK_EX );
return false;
